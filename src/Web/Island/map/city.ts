// The map of the front page that moves. It mirrors the drawing: shapes, classes and labels are read from the SVG, sensors from Front.
import { keepPart } from '../address';
import { stateOf, type Front } from '../draw';
import { DIRECTIONS, neighbour } from '../keys';
import { classOf, isGraded } from '../scale';
import { mark, number, say } from '../text';
import type { Slider } from '../time';
import type { Station } from '../wire';
import { bidi } from '../bound';
import { Ground, canDraw, type Spot, type Thing } from './ground';
import { shapesOf } from './shapes';

type Choice = { kind: 'thing'; id: number } | { kind: 'district'; code: string } | null;

/** Puts the map in the drawing's place. False when this device cannot draw it. */
export async function startMap(root: HTMLElement, front: Front, slider: Slider): Promise<boolean> {
  const sheet = root.querySelector<HTMLElement>('[data-sheet]');
  const earth = sheet?.querySelector<HTMLElement>('[data-earth]');
  if (!sheet || !earth || !front.svg || !canDraw()) return false;
  earth.hidden = false;
  try {
    const ground = await Ground.make({
      container: earth,
      shapes: shapesOf(front.svg),
      attribution: front.svg.dataset.sources ?? '',
      style: root.dataset.baseMap || undefined,
      words: { label: say(front.words, 'map.label'), zoomIn: say(front.words, 'map.zoom-in'), zoomOut: say(front.words, 'map.zoom-out'), zoomGesture: say(front.words, 'map.zoom-gesture'), panGesture: say(front.words, 'map.pan-gesture') },
    });
    const map = new CityMap(root, sheet, earth, front, slider, ground);
    await slider.loadStations();
    map.draw();
    // The drawing stays until there is something in its place.
    await ground.settle();
    sheet.dataset.mapped = '';
    map.restore();
    return true;
  } catch (error) {
    earth.hidden = true;
    delete sheet.dataset.mapped;
    throw error;
  }
}

class CityMap {
  private chosen: Choice = null;
  private drawing = 0;
  /** True when what was said last was of the past. */
  private saidPast = false;

  constructor(
    private readonly root: HTMLElement,
    private readonly sheet: HTMLElement,
    private readonly earth: HTMLElement,
    private readonly front: Front,
    private readonly slider: Slider,
    private readonly ground: Ground,
  ) {
    earth.tabIndex = 0;
    earth.setAttribute('role', 'application');
    earth.setAttribute('aria-label', say(front.words, 'map.label'));
    earth.addEventListener('keydown', (event) => this.key(event));
    this.point();
    // Many changes of one moment are drawn once.
    document.addEventListener('drawn', () => (this.drawing ||= requestAnimationFrame(() => this.draw())));
    document.addEventListener('swapped', () => this.draw());
  }

  /** A choice that the address holds, after the back button. */
  restore(): void {
    const thing = Number(new URL(location.href).searchParams.get('thing'));
    if (this.front.stations.has(thing)) this.choose({ kind: 'thing', id: thing });
  }

  private get reduced(): boolean {
    return matchMedia('(prefers-reduced-motion: reduce)').matches;
  }

  draw(): void {
    this.drawing = 0;
    if (!this.front.svg) return;
    this.ground.drawShapes(shapesOf(this.front.svg));
    this.ground.drawThings([...this.front.stations.values()].map((station) => this.thing(station)));
    if (this.chosen?.kind !== 'thing') return;
    const station = this.front.stations.get(this.chosen.id);
    if (!station) return;
    this.card(station);
    // What is heard is what is seen. Another moment, which the reader chose, is said aloud; live changes wait until they are asked for.
    if (!this.front.waiting) this.say(this.described(station), this.front.past !== this.saidPast || this.front.past);
  }

  /** All a reader hears of a sensor: its name, what it says, and of when that is while the past is shown. */
  private described(station: Station): string {
    return [bidi(nameOf(station)), ...this.values(station), ...(this.front.past ? [this.moment(station)] : [])].join(', ');
  }

  /** When its value was. */
  private moment(station: Station): string {
    return station.at ? this.front.timeWords(station.at, this.slider.last) : say(this.front.words, 'map.no-value');
  }

  private thing({ thing, longitude, latitude, state, value }: Station): Thing {
    return { id: thing, at: [longitude!, latitude!], grade: classOf(this.front.scales, this.front.measure, value), hollow: stateOf(state, value) !== 'reporting', dormant: false };
  }

  private point(): void {
    const { map } = this.ground;
    const at = (point: { x: number; y: number }): Choice => {
      const near: [[number, number], [number, number]] = [[point.x - 6, point.y - 6], [point.x + 6, point.y + 6]];
      const dot = map.queryRenderedFeatures(near, { layers: ['things'] })[0];
      if (dot) return { kind: 'thing', id: Number(dot.properties.id) };
      const area = map.queryRenderedFeatures([point.x, point.y], { layers: ['districts'] })[0];
      return area ? { kind: 'district', code: String(area.properties.code) } : null;
    };
    map.on('click', ({ point }) => {
      const hit = at(point);
      if (hit?.kind === 'district' && this.chosen?.kind !== 'thing') this.open(hit);
      else this.choose(hit?.kind === 'thing' ? hit : null);
    });
    map.on('mousemove', ({ point }) => (map.getCanvas().style.cursor = at(point) ? 'pointer' : ''));
  }

  private key(event: KeyboardEvent): void {
    if (event.target !== this.earth) return;
    const direction = DIRECTIONS[event.key];
    if (direction) this.step(direction, event.shiftKey);
    else if (event.key === 'Enter' && this.chosen) this.open(this.chosen);
    else if (event.key === 'Escape' && this.chosen) this.choose(null);
    else if (event.key === '+' || event.key === '=') this.ground.zoom(1, this.reduced);
    else if (event.key === '-') this.ground.zoom(-1, this.reduced);
    else return;
    event.preventDefault();
  }

  /** To the nearest thing that way; the first step goes to the middle of what is seen. */
  private step(direction: [number, number], districts: boolean): void {
    const { map } = this.ground;
    const byDistrict = districts || this.front.stations.size === 0;
    const places: { choice: Choice; at: Spot }[] = byDistrict
      ? shapesOf(this.front.svg!).map(({ code, at }) => ({ choice: { kind: 'district', code }, at }))
      : [...this.front.stations.values()].map((station) => ({ choice: { kind: 'thing', id: station.thing }, at: [station.longitude!, station.latitude!] }));
    const spots = places.map(({ at }) => map.project(at));
    const here = places.findIndex(({ choice }) => same(choice, this.chosen));
    const from = here >= 0 ? spots[here]! : { x: map.getContainer().clientWidth / 2, y: map.getContainer().clientHeight / 2 };
    const to = here >= 0 ? neighbour(from, spots, direction) : nearest(from, spots);
    if (to >= 0) this.choose(places[to]!.choice);
  }

  private choose(choice: Choice): void {
    this.chosen = choice;
    const card = this.sheet.querySelector<HTMLElement>('[data-card]')!;
    card.hidden = choice?.kind !== 'thing';
    keepPart(this.root, 'thing', choice?.kind === 'thing' ? String(choice.id) : null);
    if (choice?.kind === 'thing') {
      const station = this.front.stations.get(choice.id)!;
      this.ground.choose([station.longitude!, station.latitude!], this.reduced);
      this.card(station);
      this.say(this.described(station));
      card.scrollIntoView({ block: 'nearest' });
    } else if (choice) {
      this.ground.choose(shapesOf(this.front.svg!).find(({ code }) => code === choice.code)?.rings ?? null, this.reduced);
      this.say(this.area(choice.code)?.getAttribute('aria-label') ?? '');
    } else {
      this.ground.choose(null);
      this.say('');
      if (document.activeElement?.closest('[data-card]') || document.activeElement === document.body) this.earth.focus({ preventScroll: true });
    }
  }

  private open(choice: Choice): void {
    if (choice?.kind === 'thing') location.assign(`${this.root.dataset.root}/sensors/${choice.id}`);
    else if (choice) location.assign(this.area(choice.code)?.getAttribute('href') ?? location.href);
  }

  private area(code: string): Element | null {
    return this.root.querySelector(`[data-district="${code}"]`);
  }

  private say(text: string, aloud = true): void {
    this.saidPast = this.front.past;
    const said = this.sheet.querySelector('[data-said]')!;
    if (said.textContent === text) return;
    said.setAttribute('aria-live', aloud ? 'polite' : 'off');
    said.textContent = text;
  }

  /** What a sensor says, in the order in which it is read: value, grade, state. */
  private values({ value, unit, state }: Station): string[] {
    const { words, scales, measure } = this.front;
    const grade = classOf(scales, measure, value);
    return [
      value === null ? say(words, 'map.no-value') : `${number(measure, value)} ${unit}`,
      ...(value !== null && isGraded(scales, measure) ? [say(words, `grade.${grade}`)] : []),
      say(words, `state.${stateOf(state, value)}`),
    ];
  }

  private card(station: Station): void {
    const { words, scales, measure } = this.front;
    const [value, ...rest] = this.values(station);
    const card = this.sheet.querySelector<HTMLElement>('[data-card]')!;
    const focused = document.activeElement?.closest('[data-card]') ? document.activeElement.tagName : null;
    card.dataset.grade = classOf(scales, measure, station.value);
    const part = <K extends keyof HTMLElementTagNameMap>(tag: K, text: string, look = ''): HTMLElementTagNameMap[K] => Object.assign(document.createElement(tag), { textContent: text, className: look });
    const link = part('a', say(words, 'map.open'));
    link.href = `${this.root.dataset.root}/sensors/${station.thing}`;
    const close = part('button', '×', 'close');
    close.type = 'button';
    close.setAttribute('aria-label', say(words, 'map.close'));
    close.addEventListener('click', () => this.choose(null));
    const sign = isGraded(scales, measure) && station.value !== null ? `${mark(card.dataset.grade)} ` : '';
    card.replaceChildren(part('strong', nameOf(station)), close, part('p', sign + value, 'value'), part('p', [...rest, ...(station.at ? [this.front.timeWords(station.at, this.slider.last)] : [])].join(' · '), 'foot'), link);
    if (focused) (focused === 'A' ? link : close).focus({ preventScroll: true });
  }
}

/** The name in the page's language, as far as the station says one. */
const nameOf = ({ name, nameEn }: Station): string => (document.documentElement.lang === 'en' ? (nameEn ?? name) : name);

const same = (a: Choice, b: Choice): boolean => a !== null && b !== null && (a.kind === 'thing' ? b.kind === 'thing' && a.id === b.id : b.kind === 'district' && a.code === b.code);

function nearest(from: { x: number; y: number }, spots: { x: number; y: number }[]): number {
  const far = ({ x, y }: { x: number; y: number }) => Math.hypot(x - from.x, y - from.y);
  return spots.reduce((best, spot, i) => (best < 0 || far(spot) < far(spots[best]!) ? i : best), -1);
}
