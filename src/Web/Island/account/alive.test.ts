import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { PAUSE, watchSession } from './alive';

const page = { hidden: false, title: '', documentElement: { dataset: {} as Record<string, string> }, body: { replaceChildren: vi.fn() } };
const replace = vi.fn();
const ask = vi.fn<(address: string) => Promise<{ status: number }>>();
let heard: Record<string, (event: { persisted?: boolean }) => void>;

beforeEach(() => {
  vi.useFakeTimers();
  heard = {};
  const addEventListener = (name: string, listener: (event: { persisted?: boolean }) => void) => (heard[name] = listener);
  Object.assign(page, { hidden: false, title: '사람 · 마당', documentElement: { dataset: { session: 's1' } }, addEventListener });
  vi.stubGlobal('document', page);
  vi.stubGlobal('window', { addEventListener });
  vi.stubGlobal('location', { pathname: '/account', search: '?done=name', replace });
  vi.stubGlobal('fetch', ask.mockResolvedValue({ status: 204 }));
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.resetAllMocks();
});

test('a page of the public asks nothing', async () => {
  page.documentElement.dataset = {};
  watchSession();
  await vi.advanceTimersByTimeAsync(PAUSE * 3);
  expect(ask).not.toHaveBeenCalled();
  expect(heard).toEqual({});
});

test('it asks once a minute while it is looked at, and when it is looked at again', async () => {
  watchSession();
  await vi.advanceTimersByTimeAsync(PAUSE * 2);
  expect(ask.mock.calls.map(([address]) => address)).toEqual(['/account/alive?session=s1', '/account/alive?session=s1']);
  page.hidden = true;
  heard.visibilitychange?.({});
  await vi.advanceTimersByTimeAsync(PAUSE * 2);
  expect(ask).toHaveBeenCalledTimes(2);
  page.hidden = false;
  heard.visibilitychange?.({});
  heard.pageshow?.({ persisted: false });
  expect(ask).toHaveBeenCalledTimes(3);
  heard.pageshow?.({ persisted: true });
  expect(ask).toHaveBeenCalledTimes(4);
});

test('when the session has ended the page is emptied and asked for anew', async () => {
  watchSession();
  ask.mockResolvedValue({ status: 401 });
  await vi.advanceTimersByTimeAsync(PAUSE);
  expect(page.title).toBe('');
  expect(page.body.replaceChildren).toHaveBeenCalledWith();
  expect(replace).toHaveBeenCalledWith('/account?done=name');
});

test.each([204, 429, 503, null])('it stays as it is when the answer is %s', async (status) => {
  watchSession();
  if (status === null) ask.mockRejectedValue(new TypeError('Failed to fetch'));
  else ask.mockResolvedValue({ status });
  await vi.advanceTimersByTimeAsync(PAUSE);
  expect(ask).toHaveBeenCalledOnce();
  expect(page.body.replaceChildren).not.toHaveBeenCalled();
  expect(replace).not.toHaveBeenCalled();
});
