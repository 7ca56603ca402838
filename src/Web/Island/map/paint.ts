// The colours of a map are those of the page: read from the styles, and anew when the reader or the device changes them.

const SINGLE = ['ground', 'paper', 'ink', 'edge', 'halo', 'link', 'unknown', 'unknown-ink', 'hatch', 'dot', 'late'] as const;
type Single = (typeof SINGLE)[number];

export type Paint = { fill: Record<string, string>; dots: Record<string, string> } & Record<Single, string>;

const GRADES = ['good', 'moderate', 'bad', 'very-bad'];
const BANDS = ['band-1', 'band-2', 'band-3', 'band-4', 'band-5', 'band-6', 'band-7'];

/** The colours as they hold for an element. A browser computes them; a name of a variable that is missing is black. */
export function readPaint(element: HTMLElement): Paint {
  const probe = element.appendChild(document.createElement('i'));
  probe.hidden = true;
  const read = (name: string): string => {
    probe.style.color = '';
    probe.style.color = `var(--${name})`;
    return getComputedStyle(probe).color;
  };
  const all = (names: string[], of: (name: string) => string) => Object.fromEntries(names.map((name) => [name, read(of(name))]));
  const paint = {
    fill: all([...GRADES, ...BANDS], (name) => name),
    dots: all([...GRADES, ...BANDS], (name) => `dot-${name}`),
    ...(all([...SINGLE], (name) => name) as Record<Single, string>),
  };
  probe.remove();
  return paint;
}

/** Calls back after the colours changed, by choice or by the device; answers how to stop. */
export function watchPaint(changed: () => void): () => void {
  const asked = [matchMedia('(prefers-color-scheme: dark)'), matchMedia('(prefers-contrast: more)')];
  document.addEventListener('look', changed);
  for (const query of asked) query.addEventListener('change', changed);
  return () => {
    document.removeEventListener('look', changed);
    for (const query of asked) query.removeEventListener('change', changed);
  };
}
