import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { settle } from './door';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('only the last of many calls runs, when the writer rests', () => {
  const run = vi.fn(async () => {});
  const look = settle(run, 500);
  look();
  vi.advanceTimersByTime(400);
  look();
  vi.advanceTimersByTime(400);
  expect(run).not.toHaveBeenCalled();
  vi.advanceTimersByTime(100);
  expect(run).toHaveBeenCalledTimes(1);
});

test('a call that is overtaken knows it', async () => {
  const seen: boolean[] = [];
  let go = (): void => {};
  const look = settle(async (isLatest) => {
    await new Promise<void>((resolve) => (go = resolve));
    seen.push(isLatest());
  }, 10);
  look();
  vi.advanceTimersByTime(10);
  const first = go;
  look();
  first();
  vi.advanceTimersByTime(10);
  await Promise.resolve();
  go();
  await vi.runAllTimersAsync();
  expect(seen).toEqual([false, true]);
});
