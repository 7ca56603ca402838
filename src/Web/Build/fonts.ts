// The page's font in two pieces: the letters that the house itself writes, small and loaded at once, and the whole font,
// loaded only where a page shows another letter (in the name of a sensor, say). Korean fonts are large: 265 kB a weight.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import subsetFont from 'subset-font';
import { sources } from './sources.ts';

const WEIGHTS = { 400: 'Regular', 700: 'Bold' } as const;

/** Where the house writes words that a page shows. */
const WRITTEN = ['Text', '../Places/Seed', '../DemoCity', '../Operations'];

/** Cuts the fonts into `folder` with a style sheet that names the pieces; does nothing when the letters are the same as last time. */
export async function cutFonts(root: string, folder: string): Promise<void> {
  const letters = collect(root);
  const stamp = createHash('sha256').update(letters).digest('hex');
  const sheet = `${folder}/fonts.css`;
  if (existsSync(sheet) && readFileSync(sheet, 'utf8').includes(stamp)) return;
  mkdirSync(folder, { recursive: true });
  const points = [...letters].map((letter) => letter.codePointAt(0)!);
  let css = `/* ${stamp} */\n`;
  for (const [weight, name] of Object.entries(WEIGHTS)) {
    const file = `${root}/node_modules/krds-uiux/resources/fonts/PretendardGOV-${name}.subset.woff2`;
    writeFileSync(`${folder}/own-${weight}.woff2`, await subsetFont(readFileSync(file), letters, { targetFormat: 'woff2' }));
    css += face(weight, `./own-${weight}.woff2`, points.map(hex)) + face(weight, file, between(points));
  }
  writeFileSync(sheet, css);
}

/** Every letter the house writes, once, and all of ASCII. */
function collect(root: string): string {
  const letters = new Set(Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i)));
  for (const file of WRITTEN.flatMap((folder) => sources(`${root}/${folder}`, '.resx', '.cs'))) for (const letter of readFileSync(file, 'utf8')) if (letter > '~') letters.add(letter);
  return [...letters].sort().join('');
}

const hex = (point: number): string => `U+${point.toString(16)}`;

const face = (weight: string, file: string, range: string[]): string =>
  `@font-face{font-family:'Pretendard GOV';font-weight:${weight};font-display:swap;src:url('${file}') format('woff2');unicode-range:${range.join(',')}}\n`;

/** The stretches of Unicode that lie between the given points, which are in order. */
function between(points: number[]): string[] {
  const stretches: string[] = [];
  let next = 0x20;
  for (const point of [...points, 0x110000]) {
    if (point > next) stretches.push(point - 1 === next ? hex(next) : `${hex(next)}-${(point - 1).toString(16)}`);
    next = point + 1;
  }
  return stretches;
}
