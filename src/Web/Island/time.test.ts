import { expect, test } from 'vitest';
import { withPart } from './address';
import { nextSort, sorted } from './table';
import { fileOf, stepFor } from './time';

test('page keys go an hour, Home and End to the ends, and no key leaves the day', () => {
  expect(stepFor('PageUp', 100, 144)).toBe(106);
  expect(stepFor('PageDown', 3, 144)).toBe(0);
  expect(stepFor('PageUp', 142, 144)).toBe(143);
  expect([stepFor('Home', 70, 144), stepFor('End', 70, 144)]).toEqual([0, 143]);
  expect(stepFor('ArrowLeft', 70, 144)).toBeNull();
});

test('a part of the address is put in, changed and taken out without touching the others', () => {
  expect(withPart('http://x/?data=real', 'at', '2026-07-19T05:20:00Z')).toBe('http://x/?data=real&at=2026-07-19T05%3A20%3A00Z');
  expect(withPart('http://x/?at=1&data=real#table', 'at', null)).toBe('http://x/?data=real#table');
});

test('what is not known stands below, whichever way one sorts', () => {
  const rows = [3, null, 1, 2];
  expect(sorted(rows, (row) => row, true)).toEqual([3, 2, 1, null]);
  expect(sorted(rows, (row) => row, false)).toEqual([1, 2, 3, null]);
});

test('a head sorts numbers from the greatest, names from the first, and turns at the second time', () => {
  expect([nextSort('pm25', null), nextSort('pm25', '-pm25'), nextSort('pm25', 'pm25'), nextSort('name', '-pm25'), nextSort('name', 'name')]).toEqual(['-pm25', 'pm25', '-pm25', 'name', '-name']);
});

test('the file beside the table is of the moment that the table shows', () => {
  const then = fileOf('http://city.example/api/city/now.csv?data=simulated', '2026-07-19T05:00:00Z');
  expect(then).toBe('/api/city/now.csv?data=simulated&at=2026-07-19T05%3A00%3A00Z');
  expect(fileOf(`http://city.example${then}`, null)).toBe('/api/city/now.csv?data=simulated');
});
