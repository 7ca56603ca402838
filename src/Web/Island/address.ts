// The address says what is seen: changed in place, so that the back button leaves the page and comes back to it.

/** The address with a part of its query changed; null takes it out. */
export function withPart(address: string, name: string, value: string | null): string {
  const url = new URL(address);
  if (value === null) url.searchParams.delete(name);
  else url.searchParams.set(name, value);
  return url.href;
}

/** Changes the page's own address, and the links that lead to another view of it. */
export function keepPart(root: ParentNode, name: string, value: string | null): void {
  history.replaceState(history.state, '', withPart(location.href, name, value));
  for (const link of root.querySelectorAll<HTMLAnchorElement>('[data-choose], [data-sort]')) link.href = withPart(link.href, name, value);
  const other = document.querySelector<HTMLAnchorElement>('[data-language]');
  if (other) other.href = withPart(other.href, name, value);
  const back = document.querySelector<HTMLInputElement>('[data-look] [name=back]');
  if (back) back.value = location.pathname + location.search;
}
