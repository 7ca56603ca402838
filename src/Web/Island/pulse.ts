// Notices a line that is open and dead: the server says something at least every 15 seconds, so longer silence means that
// nothing comes through, whatever the browser believes.

/** The longest silence of a line that lives, in milliseconds: two beats and a little more. */
export const SILENCE = 35_000;

/** The events that the server's line carries. */
const EVENTS = ['open', 'snapshot', 'change', 'beat'];

/** Calls `dead` once when the line was silent for too long; answers how to stop listening. */
export function feelPulse(line: EventTarget, dead: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const beat = (): void => {
    clearTimeout(timer);
    timer = setTimeout(dead, SILENCE);
  };
  for (const name of EVENTS) line.addEventListener(name, beat);
  beat();
  return () => clearTimeout(timer);
}
