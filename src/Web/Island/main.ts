import './main.css';
import { Front } from './draw';
import { steer } from './keys';
import { Live } from './live';
import type { Words } from './text';

const root = document.querySelector<HTMLElement>('[data-front]');
if (root) {
  const words = JSON.parse(document.getElementById('words')?.textContent ?? '{}') as Words;
  const map = root.querySelector<SVGElement>('[data-map]');
  if (map) steer(map);
  new Live(root, words, new Front(root, words)).start();
}
