// Buttons that copy what stands beside them; hidden until there is a script, since without one the text can be selected all the same.
import { say, type Words } from './text';

/** A table as tab-separated lines, which spreadsheets paste into cells. */
export const tabbed = (rows: readonly (readonly string[])[]): string => rows.map((cells) => cells.map((cell) => cell.replace(/\s+/g, ' ').trim()).join('\t')).join('\n');

export function watchCopies(words: Words): void {
  const show = () => document.querySelectorAll<HTMLElement>('[data-copy-row][hidden], [data-copy][hidden]').forEach((element) => (element.hidden = false));
  document.addEventListener('swapped', show);
  show();
  document.addEventListener('click', (event) => {
    const button = (event.target as Element).closest<HTMLButtonElement>('[data-copy], [data-copy-table]');
    const text = button && textOf(button);
    if (button && text != null) void copy(button, text, words);
  });
}

function textOf(button: HTMLElement): string | null {
  const table = button.dataset.copyTable ? document.querySelector<HTMLTableElement>(`#${CSS.escape(button.dataset.copyTable)}`) : null;
  if (table) return tabbed([...table.rows].map((row) => [...row.cells].map((cell) => cell.textContent ?? '')));
  return document.getElementById(button.dataset.copy ?? '')?.textContent?.trim() ?? null;
}

async function copy(button: HTMLElement, text: string, words: Words): Promise<void> {
  const status = button.parentElement?.querySelector('[data-copied]');
  try {
    await navigator.clipboard.writeText(text);
    if (status) status.textContent = say(words, 'copied');
  } catch {
    // Not allowed, or an address without https: the reader is told how to do it by hand.
    if (status) status.textContent = say(words, 'copy-failed');
  }
}
