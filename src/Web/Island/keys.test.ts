import { expect, test } from 'vitest';
import { neighbour } from './keys';

test('an arrow key goes to the nearest district ahead, not to one aside', () => {
  const spots = [{ x: 0, y: 0 }, { x: 10, y: 2 }, { x: 9, y: 12 }, { x: -5, y: 0 }];
  expect(neighbour(spots[0]!, spots, [1, 0])).toBe(1);
  expect(neighbour(spots[0]!, spots, [0, 1])).toBe(2);
  expect(neighbour(spots[0]!, spots, [-1, 0])).toBe(3);
  expect(neighbour(spots[0]!, spots, [0, -1])).toBe(-1);
});
