import '../Style/main.css';
import { Front } from './draw';
import { steer } from './keys';
import { Live } from './live';
import { watchLook } from './look';
import { watchSwaps } from './swap';
import type { Words } from './text';

watchLook();
watchSwaps();

const root = document.querySelector<HTMLElement>('[data-front]');
if (root) {
  const words = JSON.parse(document.getElementById('words')?.textContent ?? '{}') as Words;
  const map = root.querySelector<SVGElement>('[data-map]');
  if (map) steer(map);
  new Live(root, words, new Front(root, words)).start();
}
