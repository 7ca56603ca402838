// When the map that moves takes the place of the drawing: where there is room, once the page is done; on a phone when it is asked for.

export function offerMap(panel: HTMLElement): void {
  const begin = async (): Promise<void> => {
    try {
      const { FoundMap } = await import('./map');
      await FoundMap.begin(panel);
    } catch (error) {
      // The drawing stays, and says the same.
      console.info('The map could not begin.', error);
    }
  };
  const button = panel.querySelector<HTMLButtonElement>('[data-open-map]');
  if (matchMedia('(min-width: 1024px)').matches) {
    const idle = () => ('requestIdleCallback' in window ? requestIdleCallback(() => void begin(), { timeout: 3000 }) : setTimeout(() => void begin(), 500));
    if (document.readyState === 'complete') idle();
    else window.addEventListener('load', idle);
  } else if (button) {
    panel.dataset.asked = 'no';
    button.hidden = false;
    button.addEventListener('click', () => {
      button.hidden = true;
      delete panel.dataset.asked;
      void begin();
    });
  }
}
