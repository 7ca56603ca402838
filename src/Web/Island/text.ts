// Numbers, times and grades as readers see them. The server says the same (Text/Reading.cs); text.cases.json holds both to it.

export type Grade = 'good' | 'moderate' | 'bad' | 'very-bad';
export type Words = Record<string, string>;

const MARKS: Record<string, string> = { good: '○', moderate: '◔', bad: '◑', 'very-bad': '●' };
const KOREAN_DAYS = ['일', '월', '화', '수', '목', '금', '토'];
const ENGLISH_DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const ENGLISH_MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const DECIMALS: Record<string, number> = { pm25: 0, pm10: 0, humidity: 0, o3: 3, no2: 3, so2: 3, co: 2 };

export const mark = (grade?: string | null): string => (grade && MARKS[grade]) || '–';

export function say(words: Words, key: string, ...values: (string | number)[]): string {
  const text = words[key];
  if (text === undefined) throw new Error(`There are no words for '${key}'.`);
  return text.replace(/\{(\d)\}/g, (_, i: string) => String(values[Number(i)]));
}

/** Rounds half away from zero, as the server does; toFixed alone would round what binary fractions make of a half. */
export function number(measure: string, value: number): string {
  const decimals = DECIMALS[measure] ?? 1;
  const scaled = Math.round(Number(`${Math.abs(value)}e${decimals}`));
  const text = (scaled / 10 ** decimals).toFixed(decimals);
  return scaled !== 0 && value < 0 ? `−${text}` : text;
}

export function difference(measure: string, value: number): string {
  const text = number(measure, value);
  if (/^[0.]+$/.test(text)) return '±0';
  return value > 0 ? `+${text}` : text;
}

export const count = (value: number): string => String(value).replace(/\B(?=(\d{3})+$)/g, ',');

const clocks = new Map<string, Intl.DateTimeFormat>();

/** What a calendar and a clock of the zone show: month and day as numbers, the weekday as Sun, 24 hours. */
function local(zone: string, at: string): Record<string, string> {
  let clock = clocks.get(zone);
  if (!clock) clocks.set(zone, (clock = new Intl.DateTimeFormat('en-US', { timeZone: zone, hourCycle: 'h23', weekday: 'short', month: 'numeric', day: 'numeric', hour: '2-digit', minute: '2-digit' })));
  return Object.fromEntries(clock.formatToParts(new Date(at)).map(({ type, value }) => [type, value]));
}

export function time(zone: string, at: string): string {
  const { hour, minute } = local(zone, at);
  return `${hour}:${minute}`;
}

export function moment(lang: string, zone: string, at: string): string {
  const { weekday = '', day, month } = local(zone, at);
  return lang === 'ko' ? `${month}월 ${day}일(${KOREAN_DAYS[ENGLISH_DAYS.indexOf(weekday)]}) ${time(zone, at)}` : `${weekday} ${day} ${ENGLISH_MONTHS[Number(month) - 1]}, ${time(zone, at)}`;
}

/** The sentence on top, by the grades of PM2.5 in the districts. */
export function sentence(words: Words, grades: (string | null | undefined)[]): string {
  const all = grades.length;
  const bad = grades.filter((grade) => grade === 'bad').length;
  const worst = grades.filter((grade) => grade === 'very-bad').length;
  const unknown = grades.filter((grade) => !grade || grade === 'unknown').length;
  if (unknown === all) return say(words, 'sentence.nothing');
  const said =
    bad + worst === 0
      ? unknown === 0
        ? say(words, 'sentence.calm', all)
        : say(words, 'sentence.calm-known', all - unknown)
      : worst === 0
        ? say(words, 'sentence.bad', all, bad)
        : bad === 0
          ? say(words, 'sentence.very-bad', all, worst)
          : say(words, 'sentence.both', all, worst, bad);
  return unknown === 0 ? said : `${said} ${say(words, 'sentence.unknown', unknown)}`;
}
