// The preview of a device door follows what is written: the form is sent as its own button would, and the part with the result put in place.
// Without this script the button does the same with a whole page.

/** Runs only the last of many calls, when none has come for a while; a call that is running when a newer one comes is told so. */
export function settle(run: (isLatest: () => boolean) => Promise<void>, pause: number): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let latest = 0;
  return () => {
    clearTimeout(timer);
    const mine = ++latest;
    timer = setTimeout(() => void run(() => mine === latest), pause);
  };
}

/** What is sent for a preview: the form as its button would send it. */
export function previewOf(form: HTMLFormElement): FormData {
  const data = new FormData(form);
  data.set('act', 'preview');
  return data;
}

const PAUSE = 500;

export function watchDoor(form: HTMLFormElement): void {
  const part = document.getElementById('door-preview');
  const payload = form.querySelector<HTMLTextAreaElement>('[name=payload]');
  if (!part || !payload) return;
  const look = settle(async (isLatest) => {
    if (payload.value.trim() === '') return;
    part.setAttribute('aria-busy', 'true');
    try {
      const answer = await fetch(form.action, { method: 'POST', body: previewOf(form), headers: { Accept: 'text/html' } });
      const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html').getElementById('door-preview');
      // An answer without the part is another page, such as that of a session that ended: the button will show it.
      if (isLatest() && fresh) part.replaceChildren(...[...fresh.childNodes].map((node) => document.adoptNode(node)));
    } catch (error) {
      console.info('The preview could not be loaded.', error);
    } finally {
      if (isLatest()) part.removeAttribute('aria-busy');
    }
  }, PAUSE);
  form.addEventListener('input', look);
  look();
}
