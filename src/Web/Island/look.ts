// The menu for colours and text size: a choice shows at once and is kept by the server; Escape and a click elsewhere close it.

export function watchLook(): void {
  const menu = document.querySelector<HTMLDetailsElement>('[data-look]');
  const form = menu?.querySelector('form');
  if (!menu || !form) return;
  // One after the other: of two at once the older answer could come last, and its cookie would stay.
  let sent = Promise.resolve();
  form.addEventListener('change', () => {
    const chosen = new FormData(form);
    show(String(chosen.get('mode')), String(chosen.get('size')));
    // The answer is a redirect to this page, which nobody needs here; only its cookie counts.
    const body = new URLSearchParams(chosen as unknown as Record<string, string>);
    sent = sent.then(async () => void (await fetch(form.action, { method: 'POST', body, redirect: 'manual', keepalive: true }))).catch(() => undefined);
  });
  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || !menu.open) return;
    menu.open = false;
    menu.querySelector('summary')?.focus();
  });
  document.addEventListener('click', (event) => {
    if (menu.open && !menu.contains(event.target as Node)) menu.open = false;
  });
}

function show(mode: string, size: string): void {
  const root = document.documentElement;
  set(root, 'lookMode', mode === 'auto' ? '' : mode);
  set(root, 'lookSize', size === 'medium' ? '' : size);
  set(root, 'krdsMode', mode === 'contrast' ? 'high-contrast' : '');
  document.querySelector('meta[name=color-scheme]')?.setAttribute('content', mode === 'light' ? 'light' : mode === 'auto' ? 'light dark' : 'dark');
  // What draws with colours of its own (the map) reads them anew.
  document.dispatchEvent(new CustomEvent('look'));
}

function set(root: HTMLElement, name: string, value: string): void {
  if (value) root.dataset[name] = value;
  else delete root.dataset[name];
}
