import { expect, test } from 'vitest';
import { LONGEST, between, nearest, scaled, step, zoomed } from './stretch';

const day = { from: Date.parse('2026-07-19T00:00:00Z'), to: Date.parse('2026-07-20T00:00:00Z') };

test('the nearest point is found on either side, and none among none', () => {
  expect(nearest([], 5)).toBe(-1);
  expect(nearest([10], 5)).toBe(0);
  expect([-9, 11, 14, 16, 99].map((at) => nearest([10, 12, 20], at))).toEqual([0, 0, 1, 1, 2]);
  expect(nearest([10, 12, 20], 17)).toBe(2);
});

test('keys go along the points and stay at the ends', () => {
  expect(step('ArrowLeft', -1, 5)).toBe(4);
  expect(step('ArrowLeft', 0, 5)).toBe(0);
  expect(step('ArrowRight', 4, 5)).toBe(4);
  expect(step('ArrowRight', 2, 5)).toBe(3);
  expect(step('Home', 3, 5)).toBe(0);
  expect(step('End', 0, 5)).toBe(4);
  expect(step('PageUp', 4, 5)).toBe(0);
  expect(step('a', 4, 5)).toBeNull();
  expect(step('Home', -1, 0)).toBeNull();
});

test('a drag chooses what lies between, in either direction, and not beyond the chart', () => {
  expect(between(day, 0.75, 0.25)).toEqual({ from: Date.parse('2026-07-19T06:00:00Z'), to: Date.parse('2026-07-19T18:00:00Z') });
  expect(between(day, -1, 0.5)!.from).toBe(day.from);
  expect(between(day, 0.5, 0.50001)).toBeNull();
});

test('plus and minus keep the moment that is read where it is', () => {
  const noon = Date.parse('2026-07-19T12:00:00Z');
  expect(scaled(day, noon, 0.5)).toEqual({ from: Date.parse('2026-07-19T06:00:00Z'), to: Date.parse('2026-07-19T18:00:00Z') });
  expect(scaled(day, day.to, 0.5)!.to).toBe(day.to);
  expect(scaled({ from: 0, to: 70_000 }, 0, 0.5)).toBeNull();
  expect(scaled({ from: 0, to: LONGEST }, 0, 2)).toBeNull();
});

test('a zoom has an address that keeps the rest of the query', () => {
  expect(zoomed('/sensors/5?measure=pm25&from=x', { from: day.from + 400, to: day.to })).toBe('/sensors/5?measure=pm25&from=2026-07-19T00%3A00%3A00Z&to=2026-07-20T00%3A00%3A00Z');
  expect(zoomed('/sensors/5', day)).toBe('/sensors/5?from=2026-07-19T00%3A00%3A00Z&to=2026-07-20T00%3A00%3A00Z');
});

test('does not zoom out into the future', () => {
  const day = { from: 0, to: 24 * 3_600_000 };
  expect(scaled(day, 12 * 3_600_000, 2, day.to)).toEqual({ from: -24 * 3_600_000, to: day.to });
  expect(scaled(day, 12 * 3_600_000, 2)).toEqual({ from: -12 * 3_600_000, to: 36 * 3_600_000 });
});
