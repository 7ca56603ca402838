import { expect, test } from 'vitest';
import cases from './text.cases.json';
import { classOf, type Scales } from './scale';
import { merge, spark, type Point } from './spark';
import english from '../Text/Words.en.resx?raw';
import englishMap from '../Text/MapWords.en.resx?raw';
import korean from '../Text/Words.resx?raw';
import koreanMap from '../Text/MapWords.resx?raw';
import { count, dayTime, difference, means, moment, number, sentence, type Words } from './text';

/** The words that the server would put into the page. */
function words(xml: string): Words {
  return Object.fromEntries([...xml.matchAll(/name="live\.([^"]+)"[^>]*><value>([^<]*)/g)].map(([, key, value]) => [key, value]));
}

test('numbers read as the server writes them', () => {
  for (const [measure, value, text] of cases.numbers) expect(number(measure as string, value as number)).toBe(text);
  for (const [measure, value, text] of cases.differences) expect(difference(measure as string, value as number)).toBe(text);
  expect([0, 999, 1000, 1234567].map(count)).toEqual(['0', '999', '1,000', '1,234,567']);
});

test('times are those of the city in the style of the language', () => {
  for (const [lang, zone, at, text] of cases.moments) expect(moment(lang!, zone!, at!)).toBe(text);
});

test('the sentence says what is so, and what is not known', () => {
  for (const [grades, measure, text] of cases.sentences) expect(sentence(words(korean + koreanMap), grades as string[], measure as string)).toBe(text);
  for (const [lang, measure, unit, city, districts, text] of cases.means)
    expect(means(words(lang === 'ko' ? korean + koreanMap : english + englishMap), measure as string, unit as string, city as number | null, (districts as [string, number | null][]).map(([name, value]) => ({ name, value })))).toBe(text);
});

test('both languages have the same words', () => {
  expect(Object.keys(words(english + englishMap))).toEqual(Object.keys(words(korean + koreanMap)));
});

test('a gap in the data is a gap in the curve', () => {
  for (const [points, path] of cases.sparks) expect(spark(points as Point[])).toBe(path);
});

test('a new value replaces the one of its own ten minutes and no other', () => {
  const points = merge([[2970000, 1]], [{ at: '2026-06-21T00:05:00Z', value: 5 }]);
  expect(merge(points, [{ at: '2026-06-21T00:09:00Z', value: 6 }])).toEqual([...points.slice(0, -1), [points.at(-1)![0], 6]]);
  expect(merge([[1, 4], [7, 9]], [{ at: '1970-01-01T00:50:00Z', value: 8 }])).toEqual([[1, 4], [5, 8], [7, 9]]);
});

test('a moment is told by its day, as people say it', () => {
  for (const [lang, zone, at, now, text] of cases.days) expect(dayTime(words(lang === 'ko' ? korean + koreanMap : english + englishMap), lang!, zone!, at!, now!)).toBe(text);
});

test('a value is coloured by what is shown of it, and a limit belongs to the class below', () => {
  for (const [measure, value, grade] of cases.classes) expect(classOf(cases.scales as Scales, measure as string, value as number | null)).toBe(grade);
});
