// The slider over the last 24 hours. Districts come from one answer that holds the whole day; sensors of a moment are asked for
// when the reader rests on it. What is live goes on behind it, and is there again at "now".
import { keepPart } from './address';
import type { Front } from './draw';
import { say, time } from './text';
import type { Day, Snapshot, StationReadings } from './wire';
import { write } from './write';

/** How long a reader rests before the sensors of a moment are asked for, in milliseconds. */
const REST = 150;
/** How long a moment stands while playing, in milliseconds. */
const BEAT = 500;
const HOUR = 6;

/** Where a key leads on a slider of so many steps; null when it is no key of ours. The arrows are the slider's own. */
export function stepFor(key: string, step: number, steps: number): number | null {
  const to = { PageUp: step + HOUR, PageDown: step - HOUR, Home: 0, End: steps - 1 }[key];
  return to === undefined ? null : Math.min(Math.max(to, 0), steps - 1);
}

/** The address of the table's file at a moment; null is now. */
export function fileOf(address: string, at: string | null): string {
  const file = new URL(address);
  if (at) file.searchParams.set('at', at);
  else file.searchParams.delete('at');
  return file.pathname + file.search;
}

export class Slider {
  private day: Day | null = null;
  private coming: Promise<Day> | null = null;
  private rest: ReturnType<typeof setTimeout> | undefined;
  private beat: ReturnType<typeof setInterval> | undefined;
  /** Counts what was asked for, so that a slow answer does not come over a later one. */
  private turn = 0;

  constructor(
    private readonly root: HTMLElement,
    private readonly front: Front,
  ) {
    this.mount();
  }

  /** Takes up the slider that the server drew: at the start, and after another measure was chosen. */
  mount(): void {
    this.stop();
    clearTimeout(this.rest);
    this.turn++;
    const form = this.form;
    if (!form) return;
    const range = this.range;
    form.querySelector<HTMLElement>('[data-time-go]')!.hidden = true;
    const play = form.querySelector<HTMLButtonElement>('[data-play]')!;
    play.hidden = range.disabled;
    if (stepwise()) write(play, this.say('time.step'));
    play.addEventListener('click', () => (stepwise() ? void this.go(this.step + 1) : this.beat ? this.stop() : this.play()));
    range.addEventListener('input', () => {
      this.stop();
      void this.go(this.step);
    });
    range.addEventListener('keydown', (event) => {
      const to = stepFor(event.key, this.step, this.steps);
      if (to === null) return;
      event.preventDefault();
      this.stop();
      void this.go(to);
    });
    form.addEventListener('submit', (event) => event.preventDefault());
    form.querySelector('[data-now-link]')?.addEventListener('click', (event) => {
      event.preventDefault();
      this.stop();
      void this.go(this.steps - 1);
      range.focus({ preventScroll: true });
    });
  }

  /** The data's clock went on: the day ends later. What the reader looks at stays. */
  follow(asOf: string | null): void {
    const form = this.form;
    if (!form || !asOf) return;
    const size = Number(form.dataset.stepSeconds);
    const last = Math.floor(Date.parse(asOf) / 1000 / size) * size;
    const moved = last - Number(this.range.max);
    const chosen = Number(this.range.value);
    const first = last - (this.steps - 1) * size;
    if (moved > 0 && (!this.front.past || chosen >= first)) {
      this.range.min = form.dataset.from = String(first);
      this.range.max = String(last);
      this.range.value = String(this.front.past ? chosen : last);
    }
    if (!this.front.past) this.describe(say(this.front.words, 'time.now', time(this.front.zone, asOf)));
  }

  /** The sensors of what is shown; the map asks for them when it begins. */
  async loadStations(): Promise<void> {
    const turn = this.turn;
    const query = new URLSearchParams({ measure: this.front.measure, data: this.front.world });
    if (this.front.past) query.set('time', this.iso(this.step));
    const answer = await get<StationReadings>(`/api/city/${this.front.past ? 'at' : 'stations'}?${query}`);
    if (turn === this.turn) this.front.drawStations(answer.stations, true);
  }

  /** The start of the newest ten minutes: what "today" is by the data's own clock. */
  get last(): string {
    return this.iso(this.steps - 1);
  }

  private get form(): HTMLFormElement | null {
    return this.root.querySelector<HTMLFormElement>('[data-time]');
  }

  private get range(): HTMLInputElement {
    return this.form!.querySelector<HTMLInputElement>('input[type=range]')!;
  }

  private get steps(): number {
    return Number(this.form?.dataset.steps);
  }

  private get step(): number {
    return Math.round((Number(this.range.value) - Number(this.range.min)) / Number(this.form?.dataset.stepSeconds));
  }

  private say(key: string, ...values: string[]): string {
    return say(this.front.words, key, ...values);
  }

  private iso(step: number): string {
    return new Date((Number(this.range.min) + step * Number(this.form?.dataset.stepSeconds)) * 1000).toISOString().replace('.000', '');
  }

  private play(): void {
    const play = this.form?.querySelector<HTMLButtonElement>('[data-play]');
    play?.setAttribute('aria-pressed', 'true');
    write(play, this.say('time.stop'));
    if (!this.front.past) this.range.value = this.range.min;
    void this.go(this.step);
    this.beat = setInterval(() => void this.go(this.step + 1), BEAT);
  }

  private stop(): void {
    if (!this.beat) return;
    clearInterval(this.beat);
    this.beat = undefined;
    const play = this.form?.querySelector<HTMLButtonElement>('[data-play]');
    play?.setAttribute('aria-pressed', 'false');
    write(play, this.say('time.play'));
  }

  /** Shows a step of the day; the last one is now. */
  private async go(to: number): Promise<void> {
    const turn = ++this.turn;
    clearTimeout(this.rest);
    const step = Math.max(to, 0);
    const isNow = step >= this.steps - 1;
    this.range.value = String(Number(this.range.min) + Math.min(step, this.steps - 1) * Number(this.form?.dataset.stepSeconds));
    if (isNow) this.stop();
    try {
      await (isNow ? this.showNow(turn) : this.showPast(turn, step));
    } catch (error) {
      console.info('The past could not be loaded.', error);
      this.stop();
      this.note(this.say('time.failed'));
    }
  }

  private async showNow(turn: number): Promise<void> {
    const query = new URLSearchParams({ measure: this.front.measure, data: this.front.world });
    const now = await get<Snapshot>(`/api/city/now?${query}`);
    if (turn !== this.turn) return;
    this.front.past = false;
    this.front.draw({ ...now, gone: [] });
    this.front.drawStations(now.stations, true);
    this.mark(null, now.asOf ? this.say('time.now', time(this.front.zone, now.asOf)) : this.say('no-data'));
    this.follow(now.asOf);
  }

  private async showPast(turn: number, step: number): Promise<void> {
    const at = this.iso(step);
    const words = this.front.timeWords(at, this.last);
    this.describe(words);
    const day = await this.load(at);
    if (turn !== this.turn) return;
    this.front.drawPast(day, (Date.parse(at) - Date.parse(day.from)) / 1000 / day.stepSeconds);
    this.front.waitForStations();
    this.mark(at, words);
    this.rest = setTimeout(() => void this.loadStations().catch((error: unknown) => console.info('The sensors of that moment could not be loaded.', error)), REST);
  }

  /** The whole day, once; again when the moment lies behind its end. */
  private async load(at: string): Promise<Day> {
    const reaches = (day: Day) => day.data === this.front.world && Date.parse(at) >= Date.parse(day.from) && Date.parse(at) < Date.parse(day.from) + (this.steps - 1) * day.stepSeconds * 1000;
    if (this.day && reaches(this.day)) return this.day;
    this.coming ??= get<Day>(`/api/city/day?data=${this.front.world}`).finally(() => (this.coming = null));
    return (this.day = await this.coming);
  }

  private mark(at: string | null, words: string): void {
    this.describe(words);
    this.note(at ? this.say('time.past', words) : this.say('time.now-note'));
    const note = this.form?.querySelector<HTMLElement>('[data-time-note]');
    if (note) note.dataset.past = at ? 'yes' : 'no';
    this.form?.querySelector('[data-now-link]')?.toggleAttribute('hidden', at === null);
    write(this.root.querySelector('[data-table-when]'), at ? words : '');
    const file = this.root.querySelector<HTMLAnchorElement>('[data-csv]');
    if (file) file.href = fileOf(file.href, at);
    keepPart(this.root, 'at', at);
  }

  private note(text: string): void {
    write(this.form?.querySelector('[data-time-note-words]'), text);
  }

  private describe(words: string): void {
    this.range.setAttribute('aria-valuetext', words);
    write(this.form?.querySelector('[data-time-words]'), words);
  }
}

const stepwise = (): boolean => matchMedia('(prefers-reduced-motion: reduce)').matches;

async function get<T>(address: string): Promise<T> {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${response.status} ${address}`);
  return (await response.json()) as T;
}
