// A small curve of the last six hours in a box of 240 by 48; the server draws the same (Draw/Spark.cs).

export type Point = [step: number, value: number];

const WIDTH = 240;
const HEIGHT = 48;
/** Ten-minute steps in six hours. */
const STEPS = 36;
/** A day of them is kept. */
const KEPT = 144;
/** Points up to half an hour apart are one line, because a fast simulation skips some. */
const GAP = 3;

const units = (value: number): string => String(Math.round(Number(`${value}e1`)) / 10);

export const stepOf = (at: string): number => Math.floor(Date.parse(at) / 600_000);

export function spark(points: Point[]): string {
  const last = points.at(-1)?.[0] ?? 0;
  const shown = points.filter(([step]) => step > last - STEPS);
  const low = Math.min(...shown.map(([, value]) => value));
  const high = Math.max(...shown.map(([, value]) => value));
  let path = '';
  let before = -Infinity;
  for (const [step, value] of shown) {
    const x = WIDTH - 4 - ((last - step) * (WIDTH - 8)) / (STEPS - 1);
    const y = high - low < 1e-9 ? HEIGHT / 2 : HEIGHT - 4 - ((value - low) / (high - low)) * (HEIGHT - 8);
    path += `${step - before <= GAP ? 'L' : 'M'}${units(x)} ${units(y)}`;
    before = step;
  }
  return path;
}

/** The points with others laid over them or put between and behind them. */
export function merge(points: Point[], fresh: { at: string; value: number }[]): Point[] {
  const all = new Map([...points, ...fresh.map(({ at, value }): Point => [stepOf(at), value])]);
  return [...all].sort(([a], [b]) => a - b).slice(-KEPT);
}
