// Keeps a page that the server drew up to date: when /live/city tells of a change that concerns it, its parts are fetched anew.
// An element with data-refresh says what concerns the page: data-world, and data-thing, data-district or neither (the whole city).
import { feelPulse } from './pulse';
import { swap } from './swap';
import { say, type Words } from './text';

/** What of a change matters here. */
export type News = { districts?: { code: string }[]; stations?: { thing: number }[]; gone?: number[] };

/** Not more often than this, in milliseconds, however much happens. */
export const CLOSE = 10_000;

/** For what only happens in the same district. */
export const FAR = 30_000;

/** How long to wait between two refreshes for a change; null when it does not concern the page. */
export function pauseFor(news: News, thing: string | undefined, district: string | undefined): number | null {
  if (thing && (news.stations?.some((station) => String(station.thing) === thing) || news.gone?.some((gone) => String(gone) === thing))) return CLOSE;
  if (!district) return thing ? FAR : CLOSE;
  return news.districts?.some(({ code }) => code === district) ? (thing ? FAR : CLOSE) : null;
}

export function watchRefresh(words: Words): void {
  const element = document.querySelector<HTMLElement>('[data-refresh]');
  if (element) new Refresh(element, words).start();
}

class Refresh {
  private source: EventSource | null = null;
  private unwatch: () => void = () => undefined;
  private paused = false;
  private seen: string;
  private last = Date.now();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private connected = false;

  constructor(
    private readonly element: HTMLElement,
    private readonly words: Words,
  ) {
    this.seen = element.dataset.since ?? '';
  }

  start(): void {
    const button = this.element.querySelector<HTMLButtonElement>('[data-pause]');
    if (button) {
      button.hidden = false;
      button.addEventListener('click', () => this.toggle(button));
    }
    document.addEventListener('visibilitychange', () => (document.hidden ? this.stop() : this.connect()));
    document.addEventListener('swapped', () => this.tell());
    window.addEventListener('pagehide', () => this.stop());
    window.addEventListener('pageshow', () => this.connect());
    this.connect();
  }

  private connect(): void {
    if (this.source || this.paused || document.hidden) return;
    this.say('connecting');
    const query = new URLSearchParams({ since: this.seen, data: this.element.dataset.world ?? '' });
    // With the values of a measure, a sensor's own news is told; a measure without a code has none.
    const measure = this.element.dataset.measure ?? '';
    if (/^\w{1,40}$/.test(measure)) query.set('measure', measure);
    const source = new EventSource(`/live/city?${query}`);
    this.source = source;
    this.unwatch = feelPulse(source, () => {
      // The browser believes in it; nothing comes through. Say so, and try anew.
      this.stop();
      this.connect();
      this.say('lost');
    });
    source.addEventListener('open', () => {
      this.connected = true;
      this.tell();
    });
    source.addEventListener('snapshot', (event) => this.take(event, {}));
    source.addEventListener('change', (event) => this.take(event));
    source.addEventListener('error', () => {
      this.connected = false;
      this.say('lost');
      // A refusal (503) closes the source for good; a lost line is taken up again by the browser itself.
      if (source.readyState === EventSource.CLOSED && this.source === source) {
        this.source = null;
        setTimeout(() => this.connect(), 10_000);
      }
    });
  }

  /** A whole snapshot (after a restart of the server, or a long absence) may concern every page. */
  private take(event: MessageEvent<string>, whole?: News): void {
    const news = JSON.parse(event.data) as News & { id: string };
    this.seen = news.id;
    this.tell();
    const pause = pauseFor(whole ?? news, whole ? undefined : this.element.dataset.thing, whole ? undefined : this.element.dataset.district);
    if (pause !== null) this.plan(pause);
  }

  private plan(pause: number): void {
    if (this.timer !== undefined) return;
    this.timer = setTimeout(() => {
      this.timer = undefined;
      void this.refresh();
    }, Math.max(500, this.last + pause - Date.now()));
  }

  private async refresh(): Promise<void> {
    if (this.paused || document.hidden || !newest()) return;
    if (occupied()) {
      this.plan(CLOSE);
      return;
    }
    this.last = Date.now();
    await swap(location.href, 'none');
  }

  private toggle(button: HTMLButtonElement): void {
    this.paused = !this.paused;
    button.setAttribute('aria-pressed', String(this.paused));
    button.textContent = say(this.words, this.paused ? 'refresh.resume' : 'refresh.pause');
    if (this.paused) {
      this.stop();
      this.say('paused');
    } else {
      this.connect();
    }
  }

  private stop(): void {
    this.unwatch();
    this.source?.close();
    this.source = null;
    this.connected = false;
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  /** What is so with the line, when nothing worse is to be said. */
  private tell(): void {
    if (this.paused) this.say('paused');
    else if (!newest()) this.say('past');
    else if (this.connected) this.say('on');
  }

  private say(state: string): void {
    const line = this.element.querySelector<HTMLElement>('[data-live]');
    if (!line) return;
    const text = say(this.words, `refresh.${state}`);
    if (line.textContent !== text) line.textContent = text;
    line.dataset.state = state;
  }
}

/** A page that shows the past stays as it is. */
const newest = (): boolean => document.querySelector('[data-newest]') !== null;

/** Nothing is taken from under the reader's hand: a point being read, a drag, an open table or menu, selected text, a swap under way. */
function occupied(): boolean {
  return (
    document.querySelector('[data-reading], [data-swap-part] details[open]') !== null || document.documentElement.dataset.busy !== undefined || document.getSelection()?.isCollapsed === false
  );
}
