// Changes a part of the page in place: what the link or form would open is fetched, and its part of the same id put here.
// Address, title, focus and back button behave as with a whole page; without this script the link opens the whole page.

import { say, type Words } from './text';
import { write } from './write';

const parts = (root: ParentNode): HTMLElement[] => [...root.querySelectorAll<HTMLElement>('[data-swap-part]')];

/** A session does not live longer by what the page asks for by itself: its reader may be away. */
const UNASKED = { 'Madang-Unasked': '1' };

let latest = 0;

/** True while the reader waits for what was asked for; a live refresh does not get in its way. */
let asked = false;

let words: Words = {};

/** How an answer comes to the address: as a new step, in the place of this one, after the browser's own step back, or as a refresh nobody asked for. */
export type How = 'push' | 'replace' | 'back' | 'none';

/** Fetches an address and puts its parts in the place of this page's. False when they could not be put there. */
export async function swap(address: string, how: How = 'push'): Promise<boolean> {
  if (how === 'none' && asked) return false;
  asked = how !== 'none';
  const mine = ++latest;
  document.documentElement.dataset.busy = '';
  try {
    const answer = await ask(address, how);
    if (mine !== latest) return true;
    if (answer === null) {
      // Without a line the browser has nothing but an error page: what is shown stays, and the next click asks again.
      if (how !== 'none') tell(say(words, 'swap.lost'));
      return false;
    }
    const { response, text } = answer;
    tell('');
    const fresh = new DOMParser().parseFromString(text, 'text/html');
    const pairs = parts(document).map((old) => [old, fresh.getElementById(old.id)] as const);
    if (!response.ok || pairs.length === 0 || pairs.some(([, part]) => part === null)) throw new Error(`There is no part to put in place: ${response.status}`);
    const focus = placeOf(document.activeElement);
    const open = [...document.querySelectorAll<HTMLDetailsElement>('[data-swap-part] details[id][open]')].map(({ id }) => id);
    if (how === 'push') history.pushState({}, '', address);
    else if (how === 'replace') history.replaceState({}, '', address);
    document.title = fresh.title;
    follow(fresh);
    for (const [old, part] of pairs) old.replaceWith(document.adoptNode(part!));
    for (const id of open) document.getElementById(id)?.setAttribute('open', '');
    focus()?.focus({ preventScroll: true });
    document.dispatchEvent(new CustomEvent('swapped'));
    return true;
  } catch (error) {
    if (mine !== latest) return true;
    // Live refreshes wait for the next chance; what the reader asked for is opened as a whole page, which shows its own error.
    if (how === 'back') location.reload();
    else if (how !== 'none') location.assign(address);
    else console.info('The page could not be refreshed.', error);
    return false;
  } finally {
    if (mine === latest) {
      asked = false;
      delete document.documentElement.dataset.busy;
    }
  }
}

/** The answer of the server; null when it cannot be reached. */
async function ask(address: string, how: How): Promise<{ response: Response; text: string } | null> {
  try {
    const response = await fetch(address, { headers: { Accept: 'text/html', ...(how === 'none' && UNASKED) } });
    return { response, text: await response.text() };
  } catch (error) {
    console.info('The server could not be reached.', error);
    return null;
  }
}

const tell = (text: string): void => write(document.querySelector('[data-toast]'), text);

/** A way to find, in what comes in its place, the element that has the focus: by its id, or by its tag and address and which of those it is. */
function placeOf(element: Element | null): () => HTMLElement | null {
  const part = element?.closest('[data-swap-part]');
  if (!element || !part) return () => null;
  if (element.id) return () => document.getElementById(element.id);
  const [tag, href] = [element.localName, element.getAttribute('href')];
  const alike = () => [...(document.getElementById(part.id)?.querySelectorAll<HTMLElement>(tag) ?? [])].filter((one) => one.getAttribute('href') === href);
  const index = alike().indexOf(element as HTMLElement);
  return () => alike()[index] ?? null;
}

/** The frame keeps its place, but its link to the other language and its form lead to where the reader is now. */
function follow(fresh: Document): void {
  const here = document.querySelector<HTMLAnchorElement>('[data-language]');
  const there = fresh.querySelector<HTMLAnchorElement>('[data-language]');
  if (here && there) here.href = there.href;
  const back = document.querySelector<HTMLInputElement>('[data-look] [name=back]');
  const next = fresh.querySelector<HTMLInputElement>('[data-look] [name=back]');
  if (back && next) back.value = next.value;
}

/** The address a GET form would open; empty fields are left out, so that addresses stay short. */
export function addressOf(form: HTMLFormElement, submitter?: HTMLElement | null): string {
  const query = new URLSearchParams();
  for (const [name, value] of new FormData(form, submitter)) if (typeof value === 'string' && value !== '') query.append(name, value);
  const text = query.toString();
  return form.action.split('?')[0] + (text ? `?${text}` : '');
}

/** Links and forms marked data-swap change parts; everything else is left to the browser. */
export function watchSwaps(shared: Words): void {
  words = shared;
  if (parts(document).length === 0) return;
  document.addEventListener('click', (event) => {
    const link = (event.target as Element).closest<HTMLAnchorElement>('a[data-swap]');
    if (!link || event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    void swap(link.href);
  });
  document.addEventListener('submit', (event) => {
    const form = (event.target as Element).closest<HTMLFormElement>('form[data-swap]');
    if (!form || event.defaultPrevented) return;
    event.preventDefault();
    void swap(addressOf(form, event.submitter));
  });
  const path = location.pathname;
  window.addEventListener('popstate', () => (location.pathname === path ? void swap(location.href, 'back') : location.reload()));
}
