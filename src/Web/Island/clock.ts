// The time of the city on a screen that nobody touches. Without this script the page shows the time at which it was made.
export function watchClock(): void {
  const clock = document.querySelector<HTMLTimeElement>('[data-clock]');
  if (!clock) return;
  const format = new Intl.DateTimeFormat(document.documentElement.lang, { timeZone: clock.dataset.zone, hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' });
  const tick = (): void => {
    const now = new Date();
    clock.textContent = format.format(now);
    clock.dateTime = now.toISOString();
    setTimeout(tick, 1_000 - (now.getTime() % 1_000));
  };
  tick();
}
