// The tiles: always of now, whatever the map shows.
import { merge, spark, type Point } from './spark';
import { count, difference, mark, number, say, time, type Words } from './text';
import type { Change, Figure, HistoryPoint, Sensors } from './wire';
import { write } from './write';

export function drawTiles(root: HTMLElement, words: Words, zone: string, change: Change): void {
  for (const tile of root.querySelectorAll<HTMLElement>('[data-tile]')) {
    const measure = tile.dataset.tile ?? '';
    if (measure === 'sensors') drawSensors(tile, words, change.sensors);
    else drawTile(tile, words, zone, measure, change.figures.find((figure) => figure.measure === measure), change.history[measure]);
  }
}

function drawTile(tile: HTMLElement, words: Words, zone: string, measure: string, figure: Figure | undefined, fresh: HistoryPoint[] | undefined): void {
  tile.dataset.grade = figure?.grade ?? 'unknown';
  write(tile.querySelector('[data-value]'), figure ? number(measure, figure.value) : say(words, 'no-data'));
  write(tile.querySelector('[data-unit]'), figure?.unit ?? '');
  write(tile.querySelector('[data-grade-text]'), figure?.grade ? `${mark(figure.grade)} ${say(words, `grade.${figure.grade}`)}` : '');
  write(tile.querySelector('[data-count]'), figure ? say(words, 'mean-of', count(figure.sensors)) : say(words, 'no-sensor'));
  write(tile.querySelector('[data-at]'), figure ? time(zone, figure.asOf) : '');
  for (const before of ['hour', 'day'] as const) {
    const then = before === 'hour' ? figure?.hourBefore : figure?.dayBefore;
    write(tile.querySelector(`[data-delta="${before}"]`), figure && typeof then === 'number' ? say(words, `${before}-before`, difference(measure, figure.value - then)) : say(words, `${before}-before-unknown`));
  }
  const curve = tile.querySelector<SVGPathElement>('[data-spark]');
  if (!curve || !fresh?.length) return;
  const points = merge(JSON.parse(curve.dataset.spark ?? '[]') as Point[], fresh);
  curve.dataset.spark = JSON.stringify(points);
  curve.setAttribute('d', spark(points));
}

function drawSensors(tile: HTMLElement, words: Words, sensors: Sensors): void {
  write(tile.querySelector('[data-percent]'), sensors.percent === null ? say(words, 'no-data') : number('percent', sensors.percent));
  write(tile.querySelector('[data-percent-unit]'), sensors.percent === null ? '' : '%');
  for (const state of ['reporting', 'late', 'silent'] as const) write(tile.querySelector(`[data-${state}]`), count(sensors[state]));
}
