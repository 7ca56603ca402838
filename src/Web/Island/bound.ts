// A sentence whose lines do not end between a number and its unit nor between a bracket and what hangs on it (Text/Bound.cs says the same).

const JOINER = '\u2060';

/** A name anybody may have written, in a sentence: marks of direction in it end where it ends. */
export const bidi = (name: string): string => (/[\u0590-\u08ff\u200e\u200f\u202a-\u202e\u2066-\u2069\ufb1d-\ufdff\ufe70-\ufefc]/.test(name) ? `\u2068${name.replace(/[\u2066-\u2069]/g, '')}\u2069` : name);

export function bound(sentence: string, unit: string): string {
  const kept = unit === '' ? sentence : sentence.replaceAll(` ${unit}`, `\u00a0${unit.replaceAll('/', `${JOINER}/${JOINER}`)}`);
  return kept.replace(/(?<=[가-힣])\(/g, `${JOINER}(`).replace(/\)(?=[가-힣])/g, `)${JOINER}`);
}
