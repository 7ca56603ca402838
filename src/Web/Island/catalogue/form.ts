// The search answers while one types, and the form follows the address: after a link that removes a condition, and after the back button.
import { addressOf, swap } from '../swap';

/** A pause in typing after which the search is worth asking for. */
const PAUSE = 250;

type Field = HTMLInputElement | HTMLSelectElement;

const fieldsOf = (form: HTMLFormElement): Field[] => [...form.elements].filter((field): field is Field => (field instanceof HTMLInputElement || field instanceof HTMLSelectElement) && field.name !== '');

export function watchForm(form: HTMLFormElement): void {
  let timer = 0;
  const later = () => {
    clearTimeout(timer);
    timer = window.setTimeout(() => void swap(addressOf(form), 'replace'), PAUSE);
  };
  form.addEventListener('input', (event) => {
    // While Korean letters are put together, every key is an input; each finished or half-finished syllable is searched all the same.
    if ((event.target as Element).matches('[type=search]')) later();
  });
  form.addEventListener('change', (event) => {
    if (!(event.target as Element).matches('select')) return;
    clearTimeout(timer);
    void swap(addressOf(form));
  });
  form.addEventListener('submit', () => clearTimeout(timer));
  document.addEventListener('swapped', () => {
    follow(form);
    announce();
  });
}

/** Writes the address's conditions into the form; what the reader is typing in is left alone. */
function follow(form: HTMLFormElement): void {
  const asked = new URLSearchParams(location.search);
  for (const field of fieldsOf(form)) {
    if (field === document.activeElement && field.matches('[type=search]')) continue;
    const value = asked.get(field.name) ?? '';
    if (field.value !== value) field.value = value;
    if (field.type === 'hidden') field.disabled = value === '';
  }
}

/** Says the number found to those who do not see it change; only when it did. */
function announce(): void {
  const status = document.querySelector<HTMLElement>('[data-found-status]');
  const title = document.getElementById('found-title')?.textContent ?? '';
  if (status && status.textContent !== title) status.textContent = title;
}

/** After another page of the list, its beginning is shown and read. */
export function watchPages(): void {
  let wanted = false;
  document.addEventListener('click', (event) => (wanted = (event.target as Element).closest('a[data-top]') !== null), { capture: true });
  document.addEventListener('swapped', () => {
    if (!wanted) return;
    wanted = false;
    const title = document.getElementById('found-title');
    title?.focus({ preventScroll: true });
    title?.scrollIntoView({ block: 'start' });
  });
}
