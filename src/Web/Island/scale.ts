// How values are coloured; the server says the same (Operations, Scale).
import { published } from './text';

export type Scale = { limits: number[]; classes: string[] };
export type Scales = Record<string, Scale>;

/** The word of the class a value lies in, judged by what is shown of it; a limit itself belongs to the class below. */
export function classOf(scales: Scales, measure: string, value: number | null | undefined): string {
  const scale = scales[measure];
  if (value === null || value === undefined || !scale) return 'unknown';
  const shown = published(measure, value);
  const above = scale.limits.filter((limit) => shown > limit).length;
  return scale.classes[above] ?? 'unknown';
}

/** True when the classes are the four legal grades of the air. */
export const isGraded = (scales: Scales, measure: string): boolean => scales[measure]?.classes[0] === 'good';
