// On the map one district at a time is in the tab order; arrow keys go to the nearest one in that direction.

export const DIRECTIONS: Record<string, [number, number]> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

export type Spot = { x: number; y: number };

/** The index of the best spot in a direction: near, and more ahead than aside. -1 when there is none. */
export function neighbour(from: Spot, spots: Spot[], [dx, dy]: [number, number]): number {
  let best = -1;
  let least = Infinity;
  spots.forEach((spot, i) => {
    const [x, y] = [spot.x - from.x, spot.y - from.y];
    const ahead = x * dx + y * dy;
    const aside = Math.abs(x * dy) + Math.abs(y * dx);
    if (ahead > 1 && aside <= ahead * 1.5 && ahead + 2 * aside < least) [best, least] = [i, ahead + 2 * aside];
  });
  return best;
}

export function steer(map: SVGElement): void {
  const shapes = [...map.querySelectorAll<SVGAElement>('[data-district]')];
  const enter = (shape: SVGAElement | undefined) => shapes.forEach((one) => one.setAttribute('tabindex', one === shape ? '0' : '-1'));
  enter(shapes[0]);
  map.addEventListener('focusin', (event) => {
    const shape = (event.target as Element).closest<SVGAElement>('[data-district]');
    if (shape) enter(shape);
  });
  map.addEventListener('keydown', (event) => {
    const direction = DIRECTIONS[event.key];
    const from = shapes.findIndex((shape) => shape === document.activeElement);
    if (!direction || from < 0) return;
    event.preventDefault();
    const spots = shapes.map((shape) => {
      const box = shape.getBoundingClientRect();
      return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
    });
    const to = neighbour(spots[from]!, spots, direction);
    if (to >= 0) shapes[to]!.focus();
  });
}
