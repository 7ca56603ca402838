// Numbers, times and grades as readers see them. The server says the same (Text/Reading.cs); text.cases.json holds both to it.

export type Grade = 'good' | 'moderate' | 'bad' | 'very-bad';
export type Words = Record<string, string>;

const MARKS: Record<string, string> = { good: '○', moderate: '◔', bad: '◑', 'very-bad': '●' };
const KOREAN_DAYS = ['일', '월', '화', '수', '목', '금', '토'];
const ENGLISH_DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const ENGLISH_MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
// As Measures.Decimals on the server.
const DECIMALS: Record<string, number> = { pm25: 0, pm10: 0, pm25_corrected: 0, pm10_corrected: 0, humidity: 0, illuminance: 0, o3: 3, no2: 3, so2: 3, co: 2 };

export const mark = (grade?: string | null): string => (grade && MARKS[grade]) || '–';

export function say(words: Words, key: string, ...values: (string | number)[]): string {
  const text = words[key];
  if (text === undefined) throw new Error(`There are no words for '${key}'.`);
  return text.replace(/\{(\d)\}/g, (_, i: string) => String(values[Number(i)]));
}

/** The value as it is shown: half away from zero, as the server rounds; toFixed alone would round what binary fractions make of a half. */
export function published(measure: string, value: number): number {
  const decimals = DECIMALS[measure] ?? 1;
  return (Math.sign(value) * Math.round(Number(`${Math.abs(value)}e${decimals}`))) / 10 ** decimals;
}

export function number(measure: string, value: number): string {
  const shown = published(measure, value);
  const text = Math.abs(shown).toFixed(DECIMALS[measure] ?? 1);
  return shown < 0 ? `−${text}` : text;
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
  if (!clock) clocks.set(zone, (clock = new Intl.DateTimeFormat('en-US', { timeZone: zone, hourCycle: 'h23', weekday: 'short', year: 'numeric', month: 'numeric', day: 'numeric', hour: '2-digit', minute: '2-digit' })));
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

/** 오늘 14:20, 어제 18:20; the date when it is another day. */
export function dayTime(words: Words, lang: string, zone: string, at: string, now: string): string {
  const noon = (of: string): number => {
    const { year, month, day } = local(zone, of);
    return Date.UTC(Number(year), Number(month) - 1, Number(day));
  };
  const days = Math.round((noon(now) - noon(at)) / 86_400_000);
  return days === 0 || days === 1 ? say(words, days === 0 ? 'today' : 'yesterday', time(zone, at)) : moment(lang, zone, at);
}

/** The sentence on top, by the grades of a measure in the districts. */
export function sentence(words: Words, grades: (string | null | undefined)[], measure = 'pm25'): string {
  const all = grades.length;
  const bad = grades.filter((grade) => grade === 'bad').length;
  const worst = grades.filter((grade) => grade === 'very-bad').length;
  const unknown = grades.filter((grade) => !grade || grade === 'unknown').length;
  if (unknown === all) return say(words, 'sentence.nothing', say(words, `plain.${measure}`));
  const subject = say(words, `subject.${measure}`);
  const said =
    bad + worst === 0
      ? unknown === 0
        ? say(words, 'sentence.calm', all, subject)
        : say(words, 'sentence.calm-known', all - unknown, say(words, `topic.${measure}`))
      : worst === 0
        ? say(words, 'sentence.bad', all, bad, subject)
        : bad === 0
          ? say(words, 'sentence.very-bad', all, worst, subject)
          : say(words, 'sentence.both', all, worst, bad, subject);
  return unknown === 0 ? said : `${said} ${say(words, 'sentence.unknown', unknown)}`;
}

/** The sentence on top for a measure without legal grades. */
export function means(words: Words, measure: string, unit: string, city: number | null, districts: { name: string; value: number | null }[]): string {
  if (city === null) return say(words, 'sentence.nothing', say(words, `plain.${measure}`));
  const known = districts.filter((one): one is { name: string; value: number } => one.value !== null).sort((a, b) => b.value - a.value);
  const [high, low] = [known[0], known.at(-1)];
  const topic = say(words, `topic.${measure}`);
  return known.length < 2 || !high || !low
    ? say(words, 'means.alone', topic, number(measure, city), unit)
    : say(words, 'means.both', topic, number(measure, city), unit, high.name, number(measure, high.value), low.name, number(measure, low.value));
}
