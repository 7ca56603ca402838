// The table of districts: sorted in place, and copied as text that spreadsheets take.
import { keepPart } from './address';
import { say, type Words } from './text';
import { write } from './write';

/** Sorts by key; what has none stands below, whichever way. Equal ones keep their order. */
export function sorted<T>(rows: T[], key: (row: T) => number | string | null, descending: boolean): T[] {
  const known = rows.filter((row) => key(row) !== null);
  known.sort((a, b) => {
    const [x, y] = [key(a)!, key(b)!];
    return (x < y ? -1 : x > y ? 1 : 0) * (descending ? -1 : 1);
  });
  return [...known, ...rows.filter((row) => key(row) === null)];
}

/** After a column's head was chosen: numbers begin with the greatest, names with the first (NowView.cs says the same). */
export const nextSort = (column: string, sort: string | null): string => (sort === `-${column}` ? column : sort === column ? `-${column}` : column === 'name' ? column : `-${column}`);

export function watchTable(root: HTMLElement, words: Words): void {
  root.addEventListener('click', (event) => {
    const head = (event.target as Element).closest<HTMLAnchorElement>('[data-sort]');
    if (head && event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey) {
      event.preventDefault();
      sort(root, head.dataset.sort ?? '');
    }
    const copy = (event.target as Element).closest<HTMLButtonElement>('[data-copy-table]');
    if (copy) void copyTable(root, copy, words);
  });
  const mount = () => {
    for (const button of root.querySelectorAll<HTMLElement>('[data-copy-table]')) button.hidden = !('clipboard' in navigator);
  };
  document.addEventListener('swapped', mount);
  mount();
}

function sort(root: HTMLElement, column: string): void {
  const next = nextSort(column, new URL(location.href).searchParams.get('sort'));
  const body = root.querySelector<HTMLTableSectionElement>('table.districts tbody');
  if (!body) return;
  const key = (row: Element): number | string | null => {
    if (column === 'name') return row.querySelector('th')?.textContent ?? '';
    const value = row.querySelector<HTMLElement>(`[data-cell="${column}"]`)?.dataset.value;
    return value ? Number(value) : null;
  };
  body.append(...sorted([...body.rows], key, next.startsWith('-')));
  for (const head of root.querySelectorAll<HTMLElement>('th[data-column]')) {
    if (head.dataset.column === column) head.setAttribute('aria-sort', next.startsWith('-') ? 'descending' : 'ascending');
    else head.removeAttribute('aria-sort');
  }
  keepPart(root.ownerDocument.createDocumentFragment(), 'sort', next);
  for (const link of root.querySelectorAll<HTMLAnchorElement>('[data-choose]')) link.href = withSort(link.href, next);
}

function withSort(address: string, sort: string): string {
  const url = new URL(address);
  url.searchParams.set('sort', sort);
  return url.href;
}

async function copyTable(root: HTMLElement, button: HTMLElement, words: Words): Promise<void> {
  const rows = [...root.querySelectorAll<HTMLTableRowElement>('table.districts tr')];
  await navigator.clipboard.writeText(rows.map((row) => [...row.cells].map((cell) => cell.textContent?.trim() ?? '').join('\t')).join('\n'));
  write(button, say(words, 'table.copied'));
  setTimeout(() => write(button, say(words, 'table.copy')), 2000);
}
