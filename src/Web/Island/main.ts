import '../Style/main.css';
import { watchSession } from './account/alive';
import { watchPasskeys } from './account/passkeys';
import { watchCharts } from './chart';
import { watchClock } from './clock';
import { watchCopies } from './copy';
import { watchDoor } from './door';
import { watchForm, watchPages } from './catalogue/form';
import { offerMap as offerFoundMap } from './catalogue/offer';
import { Front } from './draw';
import { watchHelp } from './help';
import { steer } from './keys';
import { Live } from './live';
import { watchLook } from './look';
import { offerMap } from './map/offer';
import type { Scales } from './scale';
import { watchRefresh } from './refresh';
import { watchSwaps } from './swap';
import { watchTable } from './table';
import { watchTabs } from './tabs';
import type { Words } from './text';
import { Slider } from './time';
import { readJson } from './write';

const shared = JSON.parse(document.getElementById('shared-words')?.textContent ?? '{}') as Words;
watchLook();
watchSwaps(shared);
watchCharts(shared);
watchCopies(shared);
watchRefresh(shared);
watchTabs();
watchClock();
watchPasskeys();
watchSession();

const root = document.querySelector<HTMLElement>('[data-front]');
if (root) {
  const words = readJson<Words>('words');
  const front = new Front(root, words, readJson<Scales>('scales'));
  const slider = new Slider(root, front);
  const live = new Live(root, words, front, (asOf) => slider.follow(asOf));
  const mount = () => {
    const map = root.querySelector<SVGElement>('[data-map]');
    if (map) steer(map);
  };
  document.addEventListener('swapped', () => {
    front.begin();
    slider.mount();
    mount();
    live.restart();
    if (root.querySelector('[data-mapped]')) void slider.loadStations().catch((error: unknown) => console.info('The sensors could not be loaded.', error));
  });
  mount();
  watchTable(root, words);
  watchHelp(root);
  live.start();
  offerMap(root, front, slider);
}

const filters = document.querySelector<HTMLFormElement>('[data-catalogue-form]');
if (filters) {
  watchForm(filters);
  watchPages();
}
const foundMap = document.querySelector<HTMLElement>('[data-catalogue-map]');
if (foundMap) offerFoundMap(foundMap);

const door = document.querySelector<HTMLFormElement>('[data-door-form]');
if (door) watchDoor(door);
