// A chart that the server drew: its points can be read by pointer and keyboard, and a stretch of it chosen, which the server then draws.
// The rows of the chart's own table are the points; what they say is what is read out.
import { between, nearest, scaled, step, zoomed, type Stretch } from './stretch';
import { swap } from './swap';
import { say, type Words } from './text';

const SVG = 'http://www.w3.org/2000/svg';

/** A drag shorter than this many pixels is a click. */
const SLIP = 8;

export function watchCharts(words: Words): void {
  const take = () => document.querySelectorAll<HTMLElement>('[data-chart]:not([data-watched])').forEach((figure) => new Chart(figure, words));
  document.addEventListener('swapped', take);
  take();
}

class Chart {
  private readonly stage: HTMLElement;
  private readonly plot: SVGElement;
  private readonly field: SVGElement;
  private readonly readout: HTMLElement;
  private readonly rows: HTMLTableRowElement[];
  private readonly times: number[];
  private readonly heads: string[];
  private readonly whole: Stretch;
  private readonly hint: string;
  private readonly cross = document.createElementNS(SVG, 'line');
  private readonly mark = document.createElementNS(SVG, 'circle');
  private readonly pick = document.createElementNS(SVG, 'rect');
  private at = -1;
  /** True while the point that is shown was chosen by keys. */
  private steered = false;
  private start: number | null = null;

  constructor(
    private readonly figure: HTMLElement,
    words: Words,
  ) {
    figure.dataset.watched = '';
    this.stage = figure.querySelector<HTMLElement>('[data-stage]')!;
    this.plot = figure.querySelector<SVGElement>('[data-plot]')!;
    this.field = figure.querySelector<SVGElement>('[data-field]')!;
    this.readout = figure.querySelector<HTMLElement>('[data-readout]')!;
    this.rows = [...figure.querySelectorAll<HTMLTableRowElement>('tr[data-at]')];
    this.times = this.rows.map((row) => Number(row.dataset.at));
    this.heads = [...figure.querySelectorAll('thead th')].map((head) => head.textContent ?? '');
    this.whole = { from: Number(figure.dataset.from), to: Number(figure.dataset.to) };
    this.hint = this.rows.length === 0 && this.zoom === undefined ? '' : say(words, this.zoom === undefined ? 'chart.hint-read' : 'chart.hint');
    this.prepare(say(words, 'chart.label'));
    this.leave();
    this.listen();
  }

  /** The address that a zoom adds to; undefined when one cannot zoom. */
  private get zoom(): string | undefined {
    return this.figure.dataset.zoom;
  }

  /** Nothing beyond this can be known; a zoom ends there. */
  private get latest(): number {
    return Number(this.figure.dataset.latest || Infinity);
  }

  private prepare(label: string): void {
    this.stage.tabIndex = 0;
    // Arrow keys belong to the chart while it has the focus; the table beside it says the same without.
    this.stage.setAttribute('role', 'application');
    this.stage.setAttribute('aria-label', label);
    this.cross.setAttribute('class', 'cross');
    this.cross.setAttribute('y1', '0');
    this.cross.setAttribute('y2', '100%');
    this.mark.setAttribute('class', 'mark');
    this.mark.setAttribute('r', '4.5');
    this.pick.setAttribute('class', 'pick');
    this.pick.setAttribute('height', '100%');
  }

  private listen(): void {
    this.stage.addEventListener('pointerdown', (event) => this.press(event));
    this.stage.addEventListener('pointermove', (event) => this.move(event));
    this.stage.addEventListener('pointerup', (event) => this.release(event));
    this.stage.addEventListener('pointercancel', () => this.drop());
    this.stage.addEventListener('pointerleave', () => this.start === null && document.activeElement !== this.stage && this.leave());
    this.stage.addEventListener('blur', () => this.leave());
    this.stage.addEventListener('keydown', (event) => this.type(event));
  }

  /** Where the pointer is on the plot, 0 to 1 and beyond. */
  private part(event: PointerEvent): number {
    const box = this.field.getBoundingClientRect();
    return (event.clientX - box.left) / Math.max(1, box.width);
  }

  private press(event: PointerEvent): void {
    if (event.button !== 0 || this.zoom === undefined) return;
    this.start = this.part(event);
    this.stage.setPointerCapture(event.pointerId);
    this.figure.dataset.reading = '';
  }

  private move(event: PointerEvent): void {
    const part = this.part(event);
    if (this.start !== null) {
      this.pick.setAttribute('x', `${Math.max(0, Math.min(this.start, part)) * 100}%`);
      this.pick.setAttribute('width', `${(Math.min(1, Math.max(this.start, part, 0)) - Math.max(0, Math.min(this.start, part))) * 100}%`);
      this.plot.append(this.pick);
    }
    this.show(nearest(this.times, this.whole.from + part * (this.whole.to - this.whole.from)), false);
  }

  private release(event: PointerEvent): void {
    if (this.start === null) return;
    const part = this.part(event);
    const wide = Math.abs(part - this.start) * this.field.getBoundingClientRect().width >= SLIP;
    const chosen = wide ? between(this.whole, this.start, part) : null;
    this.drop();
    if (chosen) this.open(chosen);
  }

  private drop(): void {
    this.start = null;
    this.pick.remove();
    delete this.figure.dataset.reading;
  }

  private type(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'Escape') {
      // What is innermost is left first: a drag or a point that keys chose, then the zoom.
      const within = this.start !== null || this.steered;
      this.drop();
      this.leave();
      const reset = this.figure.querySelector<HTMLAnchorElement>('.unzoom a');
      if (within || !reset) return;
      event.preventDefault();
      void swap(reset.href);
      return;
    }
    const factor = event.key === '+' || event.key === '=' ? 0.5 : event.key === '-' ? 2 : null;
    if (factor !== null && this.zoom !== undefined) {
      event.preventDefault();
      const next = scaled(this.whole, this.times[this.at] ?? (this.whole.from + this.whole.to) / 2, factor, this.latest);
      if (next) this.open(next);
      return;
    }
    const next = step(event.key, this.at, this.rows.length);
    if (next === null) return;
    event.preventDefault();
    this.show(next, true);
  }

  private open(stretch: Stretch): void {
    delete this.figure.dataset.reading;
    if (this.zoom !== undefined) void swap(zoomed(this.zoom, stretch));
  }

  /** Shows and says a point; only what the keyboard chose is announced, a pointer that passes over is not. */
  private show(index: number, aloud: boolean): void {
    const row = this.rows[index];
    if (!row) return;
    this.at = index;
    this.steered = aloud;
    this.figure.dataset.reading = '';
    const x = `${((this.times[index]! - this.whole.from) / (this.whole.to - this.whole.from)) * 100}%`;
    this.cross.setAttribute('x1', x);
    this.cross.setAttribute('x2', x);
    this.plot.append(this.cross);
    const cells = [...row.cells];
    const value = cells.find((cell) => cell.dataset.value !== undefined)?.dataset.value;
    if (value !== undefined) {
      const [low, high] = [Number(this.figure.dataset.low), Number(this.figure.dataset.high)];
      this.mark.setAttribute('cx', x);
      this.mark.setAttribute('cy', `${Math.min(1, Math.max(0, (high - Number(value)) / (high - low))) * 100}%`);
      this.plot.append(this.mark);
    }
    this.readout.setAttribute('aria-live', aloud ? 'polite' : 'off');
    this.readout.dataset.at = '';
    this.readout.textContent = this.words(cells);
  }

  private words(cells: HTMLTableCellElement[]): string {
    const unit = this.figure.dataset.unit ?? '';
    const values = cells.slice(1).map((cell, i) => (cells.length === 2 ? cell.textContent : `${this.heads[i + 1]} ${cell.textContent}`));
    return `${cells[0]?.textContent} · ${values.join(', ')} ${unit}`.trim();
  }

  private leave(): void {
    this.at = -1;
    this.steered = false;
    this.cross.remove();
    this.mark.remove();
    if (this.start === null) delete this.figure.dataset.reading;
    delete this.readout.dataset.at;
    this.readout.setAttribute('aria-live', 'off');
    this.readout.textContent = this.hint;
  }
}
