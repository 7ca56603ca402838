// The map of what was found. It follows the list: another search draws other dots, a row that is chosen is ringed, and the other way round.
import { Ground, canDraw, type Spot } from '../map/ground';
import { shapesOf } from '../map/shapes';
import { DIRECTIONS, neighbour } from '../keys';
import { say, type Words } from '../text';
import { described, findingsOf, nearest, toThings, valueOf, type Found, type Row } from './rows';

/** While the list is kept up to date, the map asks anew for the same sensors at most this often, in milliseconds: all of a large city are a megabyte. */
const FRESH = 30_000;

/** Where the sensors of the list can be had in short rows. */
const addressNow = (): string => document.getElementById('found')?.dataset.map ?? '';

async function ask(address: string, signal?: AbortSignal): Promise<Found> {
  const response = await fetch(address, signal ? { signal } : {});
  if (!response.ok) throw new Error(`${address}: ${response.status}`);
  return (await response.json()) as Found;
}

export class FoundMap {
  private found: Found = { measure: null, unit: null, count: 0, sensors: [] };
  private rows = new Map<number, Row>();
  private chosen: Row | null = null;
  private address = '';
  private taken = 0;
  private loading: AbortController | null = null;

  private constructor(
    private readonly panel: HTMLElement,
    private readonly ground: Ground,
    private readonly words: Words,
    private readonly stage: HTMLElement,
  ) {
    stage.tabIndex = 0;
    stage.setAttribute('role', 'application');
    stage.setAttribute('aria-label', say(words, 'label'));
    stage.addEventListener('keydown', (event) => this.key(event));
    this.point();
    document.addEventListener('swapped', () => {
      this.mark();
      void this.load();
    });
    document.addEventListener('focusin', (event) => this.follow(event.target as Element));
    document.addEventListener('click', (event) => this.follow(event.target as Element));
  }

  /** Puts the map in the drawing's place; where it cannot be drawn, the drawing stays. */
  static async begin(panel: HTMLElement): Promise<void> {
    const stage = panel.querySelector<HTMLElement>('[data-live-map]');
    const drawing = panel.querySelector<SVGElement>('.dots svg');
    if (!stage || !drawing || !canDraw()) return;
    const words = JSON.parse(document.getElementById('catalogue-words')?.textContent ?? '{}') as Words;
    stage.hidden = false;
    try {
      const first = await ask(addressNow());
      const ground = await Ground.make({
        container: stage.querySelector<HTMLElement>('[data-earth]')!,
        shapes: shapesOf(drawing),
        attribution: drawing.dataset.sources ?? '',
        style: panel.dataset.baseMap || undefined,
        words: { label: say(words, 'label'), zoomIn: say(words, 'zoom-in'), zoomOut: say(words, 'zoom-out'), zoomGesture: say(words, 'zoom-gesture'), panGesture: say(words, 'pan-gesture') },
        // Many dots are small ones, or the map is all dots.
        dot: first.count > 3000 ? 2.2 : first.count > 1000 ? 3 : 4,
      });
      const map = new FoundMap(panel, ground, words, stage);
      panel.dataset.mapped = '';
      map.take(addressNow(), first);
    } catch (error) {
      stage.hidden = true;
      delete panel.dataset.mapped;
      throw error;
    }
  }

  private get reduced(): boolean {
    return matchMedia('(prefers-reduced-motion: reduce)').matches;
  }

  /** Fetches what the list stands for, unless it is there already; a newer search ends an older one. */
  private async load(): Promise<void> {
    const address = addressNow();
    if (address === '' || (address === this.address && Date.now() - this.taken < FRESH)) return;
    this.loading?.abort();
    const loading = (this.loading = new AbortController());
    try {
      this.take(address, await ask(address, loading.signal));
    } catch (error) {
      if (!loading.signal.aborted) console.info('The map keeps what it showed.', error);
    }
  }

  private take(address: string, found: Found): void {
    [this.address, this.found, this.taken] = [address, found, Date.now()];
    this.rows = new Map(found.sensors.map((row) => [row[0], row]));
    this.ground.drawThings(toThings(found));
    this.choose(this.chosen ? (this.rows.get(this.chosen[0]) ?? null) : null, false);
  }

  private point(): void {
    const { map } = this.ground;
    const at = ({ x, y }: { x: number; y: number }): Row | null => {
      const dot = map.queryRenderedFeatures([[x - 5, y - 5], [x + 5, y + 5]], { layers: ['things'] })[0];
      return dot ? (this.rows.get(Number(dot.properties.id)) ?? null) : null;
    };
    map.on('click', ({ point }) => this.choose(at(point)));
    map.on('mousemove', ({ point }) => (map.getCanvas().style.cursor = at(point) ? 'pointer' : ''));
  }

  private key(event: KeyboardEvent): void {
    if (event.target !== this.stage) return;
    const direction = DIRECTIONS[event.key];
    if (direction) this.step(direction);
    else if (event.key === 'Enter' && this.chosen) location.assign(this.pageOf(this.chosen));
    else if (event.key === 'Escape') this.leave();
    else if (event.key === '+' || event.key === '=') this.ground.zoom(1, this.reduced);
    else if (event.key === '-') this.ground.zoom(-1, this.reduced);
    else return;
    event.preventDefault();
  }

  /** To the nearest sensor that way; the first step goes to the middle of what is seen. */
  private step(direction: [number, number]): void {
    const { map } = this.ground;
    const rows = this.found.sensors;
    const spots = rows.map(([, , longitude, latitude]) => map.project([longitude, latitude]));
    const here = this.chosen ? rows.indexOf(this.chosen) : -1;
    const middle = { x: map.getContainer().clientWidth / 2, y: map.getContainer().clientHeight / 2 };
    const to = here >= 0 ? neighbour(spots[here]!, spots, direction) : nearest(middle, spots);
    if (to >= 0) this.choose(rows[to]!);
  }

  /** Back to the list: to the row of the chosen sensor when it is there. */
  private leave(): void {
    const row = this.chosen ? document.querySelector<HTMLElement>(`#found [data-thing="${this.chosen[0]}"] a`) : null;
    this.choose(null);
    (row ?? document.getElementById('found-title'))?.focus();
  }

  /** A row that gets the focus or is clicked shows where it lies. */
  private follow(target: Element): void {
    const id = Number(target.closest<HTMLElement>('#found [data-thing]')?.dataset.thing);
    const row = this.rows.get(id);
    if (row && row !== this.chosen) this.choose(row, false);
  }

  private choose(row: Row | null, aloud = true): void {
    this.chosen = row;
    this.ground.choose(row ? ([row[2], row[3]] as Spot) : null, this.reduced);
    this.card(row);
    this.mark();
    if (aloud && row) this.panel.querySelector('[data-card]')!.scrollIntoView({ block: 'nearest' });
    if (aloud) this.panel.querySelector('[data-said]')!.textContent = row ? described(this.words, this.found, row) : '';
  }

  private card(row: Row | null): void {
    const card = this.panel.querySelector<HTMLElement>('[data-card]')!;
    card.hidden = row === null;
    if (!row) return;
    const part = <K extends keyof HTMLElementTagNameMap>(tag: K, text: string): HTMLElementTagNameMap[K] => Object.assign(document.createElement(tag), { textContent: text });
    const link = part('a', say(this.words, 'open'));
    link.href = this.pageOf(row);
    const health = Object.assign(part('span', say(this.words, `health.${row[4]}`)), { className: 'health' });
    health.dataset.health = row[4];
    const found = Object.assign(part('span', findingsOf(this.words, row)), { className: 'finding' });
    const value = Object.assign(part('p', valueOf(this.words, this.found, row)), { className: 'value' });
    card.dataset.grade = row[6] ?? 'plain';
    card.replaceChildren(part('strong', row[1]), ...(value.textContent ? [value] : []), health, ...(found.textContent ? [found] : []), link);
  }

  /** The row of the chosen sensor, when the list shows it. */
  private mark(): void {
    for (const row of document.querySelectorAll<HTMLElement>('#found tr[data-thing]')) {
      if (this.chosen && row.dataset.thing === String(this.chosen[0])) row.dataset.chosen = '';
      else delete row.dataset.chosen;
    }
  }

  private pageOf(row: Row): string {
    return `${this.panel.dataset.root ?? ''}/sensors/${row[0]}`;
  }
}
