import { expect, test } from 'vitest';
import { tabbed } from './copy';

test('a table is copied as lines and tabs, without the breaks of its source', () => {
  expect(tabbed([['시각', '값'], ['7/19(일)\n 14:00', ' 38 ']])).toBe('시각\t값\n7/19(일) 14:00\t38');
});
