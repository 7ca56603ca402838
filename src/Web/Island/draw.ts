// Puts what came in the place of what the server drew. The page itself is the state: a figure is changed only where it stands.
// Sentence and tiles are always of now; map and table show the past while the reader looks at it.
import { bound } from './bound';
import { Frame } from './map/shapes';
import { classOf, isGraded, type Scales } from './scale';
import { dayTime, mark, means, moment, number, say, sentence, time, type Words } from './text';
import { drawTiles } from './tiles';
import type { Change, Day, District, Station } from './wire';
import { write } from './write';

const SVG = 'http://www.w3.org/2000/svg';

export class Front {
  /** The districts' values of the chosen measure as they are now, also while the past is shown. */
  private readonly now = new Map<string, number | null>();

  /** The sensors that are shown, by their Things' ids, once they have been asked for or have changed. */
  readonly stations = new Map<number, Station>();
  past = false;

  constructor(
    private readonly root: HTMLElement,
    readonly words: Words,
    readonly scales: Scales,
  ) {
    this.begin();
  }

  get lang(): string {
    return this.root.dataset.lang ?? 'ko';
  }

  /** The city's own time zone, wherever the reader is. */
  get zone(): string {
    return this.root.dataset.zone ?? 'UTC';
  }

  get world(): string {
    return this.root.dataset.world ?? 'real';
  }

  get measure(): string {
    return this.drawing?.dataset.measure ?? 'pm25';
  }

  get unit(): string {
    return this.drawing?.dataset.unit ?? '';
  }

  get svg(): SVGElement | null {
    return this.root.querySelector('[data-map]');
  }

  private get drawing(): HTMLElement | null {
    return this.root.querySelector('#map-drawing');
  }

  /** The server drew map and table anew: at the start, and when another measure was chosen. */
  begin(): void {
    this.now.clear();
    this.stations.clear();
    this.past = this.drawing?.dataset.past === 'yes';
    if (this.past) return;
    for (const area of this.areas()) this.now.set(area.dataset.district ?? '', area.dataset.value ? Number(area.dataset.value) : null);
  }

  draw(change: Change): void {
    drawTiles(this.root, this.words, this.zone, change);
    for (const district of change.districts) {
      const value = district.figures.find((one) => one.measure === this.measure)?.value ?? null;
      this.now.set(district.code, value);
      if (this.past) continue;
      this.area(district.code, value);
      this.row(district);
    }
    if (!this.past) {
      this.forget(change.gone);
      this.drawStations(change.stations);
    }
    this.drawAnswer(change);
    this.tell();
  }

  /** Map and table at one step of the last day; the sensors come later, by drawStations. */
  drawPast(day: Day, step: number): void {
    this.past = true;
    for (const area of this.areas()) {
      const code = area.dataset.district ?? '';
      this.area(code, day.measures[this.measure]?.districts[code]?.[step] ?? null);
    }
    for (const row of this.root.querySelectorAll<HTMLElement>('[data-row]')) {
      for (const cell of row.querySelectorAll<HTMLElement>('[data-cell]')) {
        const measure = cell.dataset.cell ?? '';
        if (day.measures[measure]) this.cell(cell, row.dataset.row ?? '', measure, day.measures[measure].districts[row.dataset.row ?? '']?.[step] ?? null);
        else this.plain(cell, '–', null);
      }
    }
    this.tell();
  }

  /** Sensors with their values; with `all`, those that are not among them go. */
  drawStations(stations: Station[], all = false): void {
    const layer = this.root.querySelector<SVGGElement>('[data-stations]');
    const frame = this.svg?.dataset.frame;
    if (!layer || !frame) return;
    const place = new Frame(frame);
    if (all) {
      const known = new Set(stations.map(({ thing }) => thing));
      this.forget([...layer.querySelectorAll<SVGElement>('[data-thing]')].map((dot) => Number(dot.dataset.thing)).filter((thing) => !known.has(thing)));
      layer.removeAttribute('data-waiting');
    }
    const dots = new Map([...layer.querySelectorAll<SVGCircleElement>('[data-thing]')].map((dot) => [Number(dot.dataset.thing), dot]));
    for (const station of stations) this.station(layer, dots, place, station);
    if (all) this.tell();
  }

  /** The sensors of a moment are on their way. */
  waitForStations(): void {
    this.root.querySelector('[data-stations]')?.setAttribute('data-waiting', '');
  }

  /** True until they have come. */
  get waiting(): boolean {
    return this.root.querySelector('[data-stations][data-waiting]') !== null;
  }

  /** In words: 오늘 14:20. */
  timeWords(at: string, now: string): string {
    return dayTime(this.words, this.lang, this.zone, at, now);
  }

  private tell(): void {
    document.dispatchEvent(new CustomEvent('drawn'));
  }

  private areas(): SVGElement[] {
    return [...this.root.querySelectorAll<SVGElement>('[data-district]')];
  }

  private drawAnswer(change: Change): void {
    write(this.root.querySelector('[data-asof]'), change.asOf ? say(this.words, 'asof', moment(this.lang, this.zone, change.asOf)) : '');
    const areas = this.areas();
    // Begun in the past, a page knows the now of every district only after the first snapshot.
    if (areas.some((area) => !this.now.has(area.dataset.district ?? ''))) return;
    const districts = areas.map((area) => ({ name: area.dataset.name ?? '', value: this.now.get(area.dataset.district ?? '') ?? null }));
    const text = isGraded(this.scales, this.measure)
      ? sentence(this.words, districts.map(({ value }) => classOf(this.scales, this.measure, value)), this.measure)
      : means(this.words, this.measure, this.unit, change.figures.find((figure) => figure.measure === this.measure)?.value ?? null, districts);
    write(this.root.querySelector('[data-sentence]'), bound(text, this.unit));
  }

  private area(code: string, value: number | null): void {
    const shape = this.root.querySelector<SVGElement>(`[data-district="${code}"]`);
    if (!shape) return;
    const grade = classOf(this.scales, this.measure, value);
    const graded = value !== null && isGraded(this.scales, this.measure);
    const [name, plain] = [shape.dataset.name ?? code, say(this.words, `plain.${this.measure}`)];
    shape.dataset.grade = grade;
    shape.dataset.value = value === null ? '' : String(value);
    shape.setAttribute('aria-label', value === null ? say(this.words, 'area.unknown', name, plain) : say(this.words, 'area', name, plain, number(this.measure, value), this.unit) + (graded ? `, ${say(this.words, `grade.${grade}`)}` : ''));
    write(this.root.querySelector(`[data-label="${code}"] .value`), value === null ? '–' : `${graded ? `${mark(grade)} ` : ''}${number(this.measure, value)}`);
  }

  private row(district: District): void {
    for (const cell of this.root.querySelectorAll<HTMLElement>(`[data-row="${district.code}"] [data-cell]`)) {
      const measure = cell.dataset.cell ?? '';
      if (measure === 'sensors') this.plain(cell, `${district.sensors.reporting} / ${district.sensors.total}`, district.sensors.reporting);
      else if (measure === 'last') this.plain(cell, district.lastHeard ? time(this.zone, district.lastHeard) : '–', district.lastHeard ? Date.parse(district.lastHeard) / 1000 : null);
      else this.cell(cell, district.code, measure, district.figures.find((one) => one.measure === measure)?.value ?? null);
    }
  }

  private plain(cell: HTMLElement, text: string, value: number | null): void {
    write(cell, text);
    cell.dataset.value = value === null ? '' : String(value);
  }

  private cell(cell: HTMLElement, code: string, measure: string, value: number | null): void {
    const grade = value === null ? 'unknown' : isGraded(this.scales, measure) ? classOf(this.scales, measure, value) : null;
    if (grade) cell.dataset.grade = grade;
    else delete cell.dataset.grade;
    cell.dataset.value = value === null ? '' : String(value);
    const link = cell.querySelector<HTMLAnchorElement>('a');
    if (!link) return;
    link.dataset.known = value === null ? 'no' : 'yes';
    // Where a figure of the past comes from is not told by the page of the figure of now.
    if (this.past) link.removeAttribute('href');
    else link.href = `${this.root.dataset.root}/figures/${code}/${measure}?data=${this.world}`;
    write(link, value === null ? say(this.words, 'no-data') : grade ? `${mark(grade)} ${number(measure, value)} ${say(this.words, `grade.${grade}`)}` : number(measure, value));
  }

  private forget(gone: number[]): void {
    for (const thing of gone) {
      this.stations.delete(thing);
      this.root.querySelector(`[data-stations] [data-thing="${thing}"]`)?.remove();
    }
  }

  private station(layer: SVGGElement, dots: Map<number, SVGCircleElement>, frame: Frame, station: Station): void {
    const { thing, longitude, latitude, unit, value, state } = station;
    if (longitude === null || latitude === null || unit === null) return this.forget([thing]);
    this.stations.set(thing, station);
    // The drawing of a large city has some of its sensors only; the map that moves has all.
    if (!dots.has(thing) && layer.dataset.sampled !== undefined) return;
    const dot = dots.get(thing) ?? layer.appendChild(document.createElementNS(SVG, 'circle'));
    const { x, y } = frame.toDrawing([longitude, latitude]);
    dot.dataset.thing = String(thing);
    dot.dataset.state = stateOf(state, value);
    dot.dataset.grade = classOf(this.scales, this.measure, value);
    dot.setAttribute('cx', x.toFixed(1));
    dot.setAttribute('cy', y.toFixed(1));
    dot.setAttribute('r', '3.8');
  }
}

/** A sensor that is heard, but not with this measure, is late with it. */
export const stateOf = (state: string, value: number | null): string => (state === 'reporting' && value === null ? 'late' : state);
