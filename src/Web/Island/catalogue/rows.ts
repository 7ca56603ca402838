// What /api/city/sensors/map sends, and what of it the map draws and says.
import type { Thing } from '../map/ground';
import { bidi } from '../bound';
import { mark, number, say, type Words } from '../text';

export type Row = [thing: number, name: string, longitude: number, latitude: number, state: string, value: number | null, grade: string | null, findings?: string | null];
export type Found = { measure: string | null; unit: string | null; count: number; sensors: Row[] };

/** Late, silent and dormant ones are hollow; a sensor that is heard without a value of the measure is unknown. */
export function toThings({ measure, sensors }: Found): Thing[] {
  return sensors.map(([id, , longitude, latitude, state, value, grade, findings]) => ({
    id,
    at: [longitude, latitude],
    grade: measure === null ? 'plain' : value === null ? 'unknown' : (grade ?? 'plain'),
    hollow: state !== 'reporting',
    dormant: state === 'dormant',
    flagged: Boolean(findings),
  }));
}

/** The value in words: "◑ 38 ㎍/㎥ 나쁨"; empty when no measure is chosen. */
export function valueOf(words: Words, { measure, unit }: Found, [, , , , , value, grade]: Row): string {
  if (measure === null) return '';
  if (value === null) return say(words, 'no-value');
  const text = `${number(measure, value)} ${unit ?? ''}`.trim();
  const known = grade === null ? undefined : words[`grade.${grade}`];
  return known ? `${mark(grade)} ${text} ${known}` : text;
}

/** What the check of sensors found, in words; empty when it found nothing. */
export const findingsOf = (words: Words, [, , , , , , , findings]: Row): string =>
  (findings ?? '').split(' ').filter((word) => word !== '').map((word) => say(words, `finding.name.${word}`)).join(', ');

/** All a reader hears of a sensor when it is chosen. */
export function described(words: Words, found: Found, row: Row): string {
  return [bidi(row[1]), valueOf(words, found, row).replace(/^[○◔◑●] /, ''), say(words, `health.${row[4]}`), findingsOf(words, row)].filter((part) => part !== '').join(', ');
}

/** The index of the spot nearest to a point; -1 when there is none. */
export function nearest(from: { x: number; y: number }, spots: { x: number; y: number }[]): number {
  let best = -1;
  let least = Infinity;
  spots.forEach(({ x, y }, i) => {
    const far = Math.hypot(x - from.x, y - from.y);
    if (far < least) [best, least] = [i, far];
  });
  return best;
}
