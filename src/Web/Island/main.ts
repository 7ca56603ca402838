import '../Style/main.css';
import { watchCharts } from './chart';
import { watchCopies } from './copy';
import { Front } from './draw';
import { steer } from './keys';
import { Live } from './live';
import { watchLook } from './look';
import { watchRefresh } from './refresh';
import { watchSwaps } from './swap';
import { watchTabs } from './tabs';
import type { Words } from './text';

const shared = JSON.parse(document.getElementById('shared-words')?.textContent ?? '{}') as Words;
watchLook();
watchSwaps();
watchCharts(shared);
watchCopies(shared);
watchRefresh(shared);
watchTabs();

const root = document.querySelector<HTMLElement>('[data-front]');
if (root) {
  const words = JSON.parse(document.getElementById('words')?.textContent ?? '{}') as Words;
  const map = root.querySelector<SVGElement>('[data-map]');
  if (map) steer(map);
  new Live(root, words, new Front(root, words)).start();
}
