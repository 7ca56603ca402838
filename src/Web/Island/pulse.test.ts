import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { feelPulse, SILENCE } from './pulse';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('a line that says something now and then lives; one that falls silent is dead', () => {
  const line = new EventTarget();
  const dead = vi.fn();
  feelPulse(line, dead);
  for (const name of ['open', 'beat', 'change', 'beat']) {
    vi.advanceTimersByTime(SILENCE - 1);
    line.dispatchEvent(new Event(name));
  }
  expect(dead).not.toHaveBeenCalled();
  vi.advanceTimersByTime(SILENCE);
  expect(dead).toHaveBeenCalledTimes(1);
});

test('a line that was closed is not watched any more', () => {
  const dead = vi.fn();
  feelPulse(new EventTarget(), dead)();
  vi.advanceTimersByTime(SILENCE * 2);
  expect(dead).not.toHaveBeenCalled();
});
