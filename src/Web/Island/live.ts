// Follows /live/city: says whether it is connected, waits while paused, and hands on what came.
import type { Front } from './draw';
import { feelPulse } from './pulse';
import { say, type Words } from './text';
import type { Change, Snapshot } from './wire';

/** After this many quiet seconds the page says that nothing new has come. */
const QUIET = 90;

export class Live {
  private source: EventSource | null = null;
  private unwatch: () => void = () => undefined;
  private paused = false;
  private last = Date.now();
  private seen: string;

  constructor(
    private readonly root: HTMLElement,
    private readonly words: Words,
    private readonly front: Front,
    private readonly moved: (asOf: string | null) => void,
  ) {
    this.seen = this.drawn();
  }

  /** The server drew the page anew, with another measure: its line carries that. */
  restart(): void {
    this.stop();
    this.seen = this.drawn();
    this.connect();
  }

  /** What the page shows already. A page that shows the past does not hold the now of every district, and asks for all. */
  private drawn(): string {
    return this.front.past ? '' : (this.root.querySelector<HTMLElement>('#map-drawing')?.dataset.id ?? '');
  }

  start(): void {
    const button = this.root.querySelector<HTMLButtonElement>('[data-pause]');
    if (button) {
      button.hidden = false;
      button.addEventListener('click', () => this.toggle(button));
    }
    // A hidden page costs the server nothing, and is brought up to date when it is looked at again.
    document.addEventListener('visibilitychange', () => (document.hidden ? this.stop() : this.connect()));
    window.addEventListener('pagehide', () => this.stop());
    window.addEventListener('pageshow', () => this.connect());
    setInterval(() => this.watch(), 5_000);
    this.connect();
  }

  private connect(): void {
    if (this.source || this.paused || document.hidden) return;
    this.say('connecting');
    const chosen = new URLSearchParams(location.search).get('data');
    const query = new URLSearchParams({ measure: this.front.measure, since: this.seen });
    if (chosen === 'real' || chosen === 'simulated') query.set('data', chosen);
    const source = new EventSource(`/live/city?${query}`);
    this.source = source;
    this.unwatch = feelPulse(source, () => {
      // The browser believes in it; nothing comes through. Say so, and try anew.
      this.stop();
      this.connect();
      this.say('lost');
    });
    source.addEventListener('open', () => {
      this.last = Date.now();
      this.say('on');
    });
    source.addEventListener('snapshot', (event) => this.takeAll(JSON.parse(event.data) as Snapshot));
    source.addEventListener('change', (event) => this.take(JSON.parse(event.data) as Change));
    source.addEventListener('error', () => {
      this.say('lost');
      // A refusal (503) closes the source for good; a lost line is taken up again by the browser itself.
      if (source.readyState === EventSource.CLOSED && this.source === source) {
        this.source = null;
        setTimeout(() => this.connect(), 10_000);
      }
    });
  }

  private stop(): void {
    this.unwatch();
    this.source?.close();
    this.source = null;
  }

  private toggle(button: HTMLButtonElement): void {
    this.paused = !this.paused;
    button.setAttribute('aria-pressed', String(this.paused));
    button.textContent = say(this.words, this.paused ? 'resume' : 'pause');
    if (this.paused) {
      this.stop();
      this.say('paused');
    } else {
      this.connect();
    }
  }

  private takeAll(snapshot: Snapshot): void {
    if (snapshot.data !== this.root.dataset.world) {
      // Real and simulated figures never stand on one page: draw it anew.
      location.reload();
      return;
    }
    const known = new Set(snapshot.stations.map((station) => String(station.thing)));
    const gone = [...this.root.querySelectorAll<SVGElement>('[data-stations] [data-thing]')].map((dot) => dot.dataset.thing ?? '').filter((thing) => !known.has(thing)).map(Number);
    this.take({ ...snapshot, gone });
  }

  private take(change: Change): void {
    this.last = Date.now();
    this.seen = change.id;
    this.front.draw(change);
    this.moved(change.asOf);
    for (const empty of this.root.querySelectorAll('.empty')) empty.toggleAttribute('hidden', change.asOf !== null);
    this.say('on');
  }

  private watch(): void {
    const quiet = (Date.now() - this.last) / 1000;
    if (this.source?.readyState === EventSource.OPEN && quiet > QUIET) this.say('quiet', Math.floor(quiet / 60));
  }

  private say(state: string, ...values: number[]): void {
    const line = this.root.querySelector<HTMLElement>('[data-live]');
    if (!line) return;
    const text = say(this.words, state, ...values);
    if (line.textContent !== text) line.textContent = text;
    line.dataset.state = state;
  }
}
