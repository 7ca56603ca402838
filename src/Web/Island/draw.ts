// Puts what came in the place of what the server drew. The page itself is the state: a figure is changed only where it stands.
import { hourBefore, merge, spark, type Point } from './spark';
import { count, difference, mark, moment, number, say, sentence, time, type Words } from './text';
import type { Change, District, Figure, HistoryPoint, Sensors, Station } from './wire';

const SVG = 'http://www.w3.org/2000/svg';

function write(element: Element | null | undefined, text: string): void {
  if (element && element.textContent !== text) element.textContent = text;
}

export class Front {
  constructor(
    private readonly root: HTMLElement,
    private readonly words: Words,
  ) {}

  get lang(): string {
    return this.root.dataset.lang ?? 'ko';
  }

  /** The city's own time zone, wherever the reader is. */
  get zone(): string {
    return this.root.dataset.zone ?? 'UTC';
  }

  draw(change: Change): void {
    for (const district of change.districts) this.district(district);
    for (const measure of ['pm25', 'pm10', 'temperature', 'noise']) this.tile(measure, change.figures.find((figure) => figure.measure === measure), change.history[measure]);
    this.sensors(change.sensors);
    this.stations(change.stations, change.gone);
    const grades = [...this.root.querySelectorAll<SVGElement>('[data-district]')].map((shape) => shape.dataset.grade);
    write(this.root.querySelector('[data-sentence]'), sentence(this.words, grades));
    write(this.root.querySelector('[data-asof]'), change.asOf ? say(this.words, 'asof', moment(this.lang, this.zone, change.asOf)) : '');
  }

  private tile(measure: string, figure: Figure | undefined, fresh: HistoryPoint[] | undefined): void {
    const tile = this.root.querySelector<HTMLElement>(`[data-tile="${measure}"]`);
    if (!tile) return;
    tile.dataset.grade = figure?.grade ?? 'unknown';
    write(tile.querySelector('[data-value]'), figure ? number(measure, figure.value) : say(this.words, 'no-data'));
    write(tile.querySelector('[data-unit]'), figure?.unit ?? '');
    write(tile.querySelector('[data-grade-text]'), figure?.grade ? `${mark(figure.grade)} ${say(this.words, `grade.${figure.grade}`)}` : '');
    write(tile.querySelector('[data-count]'), figure ? say(this.words, 'mean-of', count(figure.sensors)) : say(this.words, 'no-sensor'));
    const curve = tile.querySelector<SVGPathElement>('[data-spark]');
    if (!curve || !fresh?.length) return;
    const points = merge(JSON.parse(curve.dataset.spark ?? '[]') as Point[], fresh);
    curve.dataset.spark = JSON.stringify(points);
    curve.setAttribute('d', spark(points));
    const change = hourBefore(points);
    write(tile.querySelector('[data-delta]'), change === null ? say(this.words, 'hour-before-unknown') : say(this.words, 'hour-before', difference(measure, change)));
  }

  private district(district: District): void {
    const figure = district.figures.find((one) => one.measure === 'pm25');
    const shape = this.root.querySelector<SVGElement>(`[data-district="${district.code}"]`);
    if (shape) {
      const name = shape.dataset.name ?? district.code;
      shape.dataset.grade = figure?.grade ?? 'unknown';
      shape.setAttribute(
        'aria-label',
        figure?.grade ? say(this.words, 'district', name, number('pm25', figure.value), figure.unit, say(this.words, `grade.${figure.grade}`)) : say(this.words, 'district.unknown', name),
      );
    }
    write(this.root.querySelector(`[data-label="${district.code}"] .value`), figure ? `${mark(figure.grade)} ${number('pm25', figure.value)}` : mark(null));
    this.row(district);
  }

  private row(district: District): void {
    const row = this.root.querySelector(`[data-row="${district.code}"]`);
    for (const cell of row?.querySelectorAll<HTMLElement>('[data-cell]') ?? []) {
      const measure = cell.dataset.cell ?? '';
      if (measure === 'sensors') write(cell, `${district.sensors.reporting} / ${district.sensors.total}`);
      else if (measure === 'last') write(cell, district.lastHeard ? time(this.zone, district.lastHeard) : '–');
      else this.cell(cell, measure, district.figures.find((one) => one.measure === measure));
    }
  }

  private cell(cell: HTMLElement, measure: string, figure: Figure | undefined): void {
    if (figure && !figure.grade) delete cell.dataset.grade;
    else cell.dataset.grade = figure?.grade ?? 'unknown';
    const link = cell.querySelector<HTMLElement>('a');
    if (link) link.dataset.known = figure ? 'yes' : 'no';
    const text = figure ? number(measure, figure.value) : say(this.words, 'no-data');
    write(link, figure?.grade ? `${mark(figure.grade)} ${text} ${say(this.words, `grade.${figure.grade}`)}` : text);
  }

  private sensors(sensors: Sensors): void {
    const tile = this.root.querySelector('[data-tile="sensors"]');
    write(tile?.querySelector('[data-percent]'), sensors.percent === null ? say(this.words, 'no-data') : number('percent', sensors.percent));
    write(tile?.querySelector('[data-percent-unit]'), sensors.percent === null ? '' : '%');
    for (const state of ['reporting', 'late', 'silent'] as const) write(tile?.querySelector(`[data-${state}]`), count(sensors[state]));
  }

  private stations(stations: Station[], gone: number[]): void {
    const layer = this.root.querySelector<SVGGElement>('[data-stations]');
    const frame = this.root.querySelector<SVGElement>('[data-frame]')?.dataset.frame?.split(' ').map(Number) ?? [];
    const [west, north, margin, across, down] = frame as [number, number, number, number, number];
    if (!layer || frame.length !== 5) return;
    for (const thing of gone) layer.querySelector(`[data-thing="${thing}"]`)?.remove();
    for (const { thing, longitude, latitude, state } of stations) {
      if (longitude === null || latitude === null) continue;
      const dot = layer.querySelector<SVGCircleElement>(`[data-thing="${thing}"]`) ?? layer.appendChild(document.createElementNS(SVG, 'circle'));
      dot.dataset.thing = String(thing);
      dot.dataset.state = state;
      dot.setAttribute('cx', (margin + (longitude - west) * across).toFixed(1));
      dot.setAttribute('cy', (margin + (north - latitude) * down).toFixed(1));
      dot.setAttribute('r', '3.5');
    }
  }
}
