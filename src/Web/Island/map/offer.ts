// When the map that moves takes the place of the drawing: on a screen with room for it, once the page is done; on a phone when it is asked for.
import type { Front } from '../draw';
import { say } from '../text';
import type { Slider } from '../time';

export function offerMap(root: HTMLElement, front: Front, slider: Slider): void {
  const begin = async (): Promise<boolean> => {
    try {
      const { startMap } = await import('./city');
      return await startMap(root, front, slider);
    } catch (error) {
      // The drawing stays, and says the same.
      console.info('The map could not begin.', error);
      return false;
    }
  };
  if (matchMedia('(min-width: 1024px)').matches) {
    const idle = () => ('requestIdleCallback' in window ? requestIdleCallback(() => void begin(), { timeout: 3000 }) : setTimeout(() => void begin(), 500));
    if (document.readyState === 'complete') idle();
    else window.addEventListener('load', idle);
    return;
  }
  const sheet = root.querySelector('[data-sheet]');
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'krds-btn small tertiary enlarge';
  button.textContent = say(front.words, 'map.large');
  button.addEventListener('click', () => {
    button.disabled = true;
    void begin().then(() => button.remove());
  });
  sheet?.after(button);
}
