import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { swap, watchSwaps } from './swap';

const notice = { textContent: '' };
const assign = vi.fn();
const reload = vi.fn();
const push = vi.fn();

beforeEach(() => {
  notice.textContent = '';
  vi.stubGlobal('document', {
    documentElement: { dataset: {} as Record<string, string> },
    querySelectorAll: () => [],
    querySelector: (selector: string) => (selector === '[data-toast]' ? notice : null),
  });
  vi.stubGlobal('location', { assign, reload });
  vi.stubGlobal('history', { pushState: push });
  vi.stubGlobal('fetch', () => Promise.reject(new TypeError('Failed to fetch')));
  vi.spyOn(console, 'info').mockImplementation(() => undefined);
  watchSwaps({ 'swap.lost': 'There is no connection.' });
});

afterEach(() => {
  vi.unstubAllGlobals();
  vi.clearAllMocks();
});

test.each(['push', 'replace', 'back'] as const)('without a line the page stays as it is and says so (%s)', async (how) => {
  expect(await swap('/?measure=pm10', how)).toBe(false);
  expect(notice.textContent).toBe('There is no connection.');
  expect([assign, reload, push].every((call) => call.mock.calls.length === 0)).toBe(true);
  expect(document.documentElement.dataset.busy).toBeUndefined();
});

test('a refresh nobody asked for says nothing', async () => {
  await swap('/', 'none');
  expect(notice.textContent).toBe('');
  expect(assign).not.toHaveBeenCalled();
});

test('the next click asks again, and an answer takes the words away', async () => {
  await swap('/?measure=pm10');
  vi.stubGlobal('fetch', () => Promise.resolve({ ok: false, status: 500, text: () => Promise.resolve('') }));
  vi.stubGlobal('DOMParser', class { parseFromString = () => ({ getElementById: () => null }); });
  await swap('/?measure=pm10');
  expect(notice.textContent).toBe('');
  // An answer without the parts is shown as the whole page it is.
  expect(assign).toHaveBeenCalledWith('/?measure=pm10');
});
