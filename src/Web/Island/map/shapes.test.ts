import { expect, test } from 'vitest';
import { polygonsOf } from './polygons';
import { Frame, ringsOf } from './shapes';

const frame = new Frame('126 38 12 1000 1250');

test('a place on the earth is found again from the drawing', () => {
  const { x, y } = frame.toDrawing([126.5, 37.6]);
  expect([x, y].map(Math.round)).toEqual([512, 512]);
  expect(frame.toEarth(x, y).map((degrees) => degrees.toFixed(6))).toEqual(['126.500000', '37.600000']);
});

test('a path becomes closed rings', () => {
  expect(ringsOf('M12 12L1012 12L1012 1262ZM112 137L212 137L212 262Z', frame)).toEqual([
    [[126, 38], [127, 38], [127, 37], [126, 38]],
    [[126.1, 37.9], [126.2, 37.9], [126.2, 37.8], [126.1, 37.9]],
  ].map((ring) => ring.map((spot) => spot.map((degrees) => expect.closeTo(degrees, 9)))));
});

test('a drawing without a frame is refused and not put at sea', () => {
  expect(() => new Frame(undefined)).toThrow('no frame');
});

test('an island is a part of its own, a hole belongs to what is around it', () => {
  const square = (at: number, size: number) => ringsOf(`M${at} ${at}L${at + size} ${at}L${at + size} ${at + size}L${at} ${at + size}Z`, frame)[0]!;
  const [land, hole, island] = [square(100, 100), square(120, 10), square(300, 10)];
  expect(polygonsOf([land, hole, island])).toEqual([[land, hole], [island]]);
});
