import { expect, test } from 'vitest';
import { CLOSE, FAR, pauseFor } from './refresh';

const news = { districts: [{ code: '11110' }], stations: [{ thing: 5 }], gone: [9] };

test('a sensor page is drawn anew soon for its own news and later for its district', () => {
  expect(pauseFor(news, '5', '11110')).toBe(CLOSE);
  expect(pauseFor(news, '9', '11110')).toBe(CLOSE);
  expect(pauseFor(news, '6', '11110')).toBe(FAR);
  expect(pauseFor(news, '6', '11140')).toBeNull();
});

test('a district page has no sensor of its own, and a sensor outside the city no district', () => {
  expect(pauseFor(news, undefined, '11110')).toBe(CLOSE);
  expect(pauseFor(news, undefined, '11140')).toBeNull();
  expect(pauseFor(news, '6', undefined)).toBe(FAR);
  expect(pauseFor({}, undefined, undefined)).toBe(CLOSE);
});
