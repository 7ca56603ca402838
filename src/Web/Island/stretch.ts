// The arithmetic of a chart's time axis, apart from the page.

/** A stretch of time in milliseconds since 1970, its end outside. */
export type Stretch = { from: number; to: number };

/** Nothing shorter can be chosen, so that a slip of the hand is no zoom. */
export const SHORTEST = 60_000;

/** Five years, the longest the server draws. */
export const LONGEST = 5 * 366 * 86_400_000;

/** The index of the point nearest to a moment; -1 when there is none. Times are in order. */
export function nearest(times: readonly number[], at: number): number {
  let [low, high] = [0, times.length - 1];
  if (high < 0) return -1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (times[middle]! <= at) low = middle;
    else high = middle;
  }
  return Math.abs(times[low]! - at) <= Math.abs(times[high]! - at) ? low : high;
}

/** Where a key leads from a point; null when it is no key of ours. Without a point, one begins at the newest. */
export function step(key: string, from: number, count: number): number | null {
  if (count === 0) return null;
  const start = from < 0 ? count - 1 : from;
  switch (key) {
    case 'ArrowLeft':
      return from < 0 ? start : Math.max(0, start - 1);
    case 'ArrowRight':
      return from < 0 ? start : Math.min(count - 1, start + 1);
    case 'PageUp':
      return Math.max(0, start - 10);
    case 'PageDown':
      return Math.min(count - 1, start + 10);
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    default:
      return null;
  }
}

/** The stretch between two places (0 to 1) of another; null when it is too short to be meant. */
export function between(whole: Stretch, a: number, b: number): Stretch | null {
  const at = (part: number) => whole.from + Math.min(1, Math.max(0, part)) * (whole.to - whole.from);
  const [from, to] = [Math.round(at(Math.min(a, b))), Math.round(at(Math.max(a, b)))];
  return to - from < SHORTEST ? null : { from, to };
}

/**
 * A stretch made longer or shorter about a moment, which keeps its place unless the stretch would reach beyond the latest one:
 * then it is moved to end there. Null when it would be too short or too long.
 */
export function scaled(whole: Stretch, about: number, factor: number, latest = Infinity): Stretch | null {
  const [from, to] = [Math.round(about - (about - whole.from) * factor), Math.round(about + (whole.to - about) * factor)];
  const beyond = Math.max(0, to - latest);
  return to - from < SHORTEST || to - from > LONGEST ? null : { from: from - beyond, to: to - beyond };
}

/** An address with a stretch in its query, in whole seconds of UTC. */
export function zoomed(address: string, { from, to }: Stretch): string {
  const [path = '', query] = address.split('?');
  const parts = new URLSearchParams(query);
  parts.set('from', iso(from));
  parts.set('to', iso(to));
  return `${path}?${parts}`;
}

const iso = (at: number): string => new Date(Math.round(at / 1000) * 1000).toISOString().replace('.000Z', 'Z');
