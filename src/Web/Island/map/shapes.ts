// What the server drew, as places on the earth again: the page's SVG holds shapes, names and values, so nothing is fetched twice.
import type { Shape, Spot } from './ground';

/** How the drawing lies on the earth: west, north, margin, and units per degree across and down (Draw/MapFrame.cs). */
export class Frame {
  private readonly numbers: [number, number, number, number, number];

  constructor(attribute: string | undefined) {
    const numbers = (attribute ?? '').split(' ').map(Number);
    if (numbers.length !== 5 || numbers.some(Number.isNaN)) throw new Error(`This is no frame: ${attribute}`);
    this.numbers = numbers as [number, number, number, number, number];
  }

  toDrawing([longitude, latitude]: Spot): { x: number; y: number } {
    const [west, north, margin, across, down] = this.numbers;
    return { x: margin + (longitude - west) * across, y: margin + (north - latitude) * down };
  }

  toEarth(x: number, y: number): Spot {
    const [west, north, margin, across, down] = this.numbers;
    return [west + (x - margin) / across, north - (y - margin) / down];
  }
}

/** The rings of a path of M, L and Z with absolute numbers, closed as GeoJSON wants them. */
export function ringsOf(path: string, frame: Frame): Spot[][] {
  return path
    .split('Z')
    .filter((ring) => ring !== '')
    .map((ring) => {
      const spots = ring.slice(1).split('L').map((pair) => frame.toEarth(...(pair.split(' ').map(Number) as [number, number])));
      return [...spots, spots[0]!];
    });
}

/** Every district of a drawing, as it is coloured and labelled at this moment. */
export function shapesOf(svg: SVGElement): Shape[] {
  const frame = new Frame(svg.dataset.frame);
  return [...svg.querySelectorAll<SVGElement>('[data-district]')].map((area) => {
    const code = area.dataset.district ?? '';
    const label = svg.querySelector(`[data-label="${code}"]`);
    return {
      code,
      name: label?.querySelector('.name')?.textContent ?? '',
      label: label?.querySelector('.value')?.textContent ?? '',
      grade: area.dataset.grade ?? 'unknown',
      at: frame.toEarth(Number(label?.getAttribute('x')), Number(label?.getAttribute('y'))),
      rings: ringsOf(area.querySelector('path')?.getAttribute('d') ?? '', frame),
    };
  });
}
