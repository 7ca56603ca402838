import type { Spot } from './ground';

/** Rings sorted into polygons: one that begins inside of another is its hole, any other a part of its own. */
export function polygonsOf(rings: Spot[][]): Spot[][][] {
  const polygons: Spot[][][] = [];
  for (const ring of rings) {
    const around = polygons.find(([outer]) => contains(outer!, ring[0]!));
    if (around) around.push(ring);
    else polygons.push([ring]);
  }
  return polygons;
}

function contains(ring: Spot[], [x, y]: Spot): boolean {
  let inside = false;
  for (let i = 1; i < ring.length; i++) {
    const [[x0, y0], [x1, y1]] = [ring[i - 1]!, ring[i]!];
    if (y0 > y !== y1 > y && x < ((x1 - x0) * (y - y0)) / (y1 - y0) + x0) inside = !inside;
  }
  return inside;
}
