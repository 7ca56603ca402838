// Passkeys: the browser's own dialogue between two posts of a form. Where there is no script or no authenticator, the form stays hidden and a password does.

type Said = 'cancelled' | 'failed' | 'known';

/** What a refusal of the browser means for the person in front of it. */
export const saidOf = (name: string): Said => (name === 'NotAllowedError' || name === 'AbortError' ? 'cancelled' : name === 'InvalidStateError' ? 'known' : 'failed');

const can = (): boolean => typeof PublicKeyCredential === 'function' && 'parseRequestOptionsFromJSON' in PublicKeyCredential;

/** Ends the quiet waiting of the password field: a browser has one dialogue at a time. */
let quiet: AbortController | null = null;

export function watchPasskeys(): void {
  if (!can()) return;
  for (const form of document.querySelectorAll<HTMLFormElement>('form[data-passkey]')) {
    form.hidden = false;
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      quiet?.abort();
      void use(form);
    });
    if (form.dataset.conditional) void waitQuietly(form);
  }
}

async function waitQuietly(form: HTMLFormElement): Promise<void> {
  if (!(await PublicKeyCredential.isConditionalMediationAvailable?.())) return;
  quiet = new AbortController();
  await use(form, quiet.signal);
}

async function use(form: HTMLFormElement, signal?: AbortSignal): Promise<void> {
  const button = form.querySelector('button');
  const say = (words: string) => {
    const place = form.querySelector('[data-said]');
    if (place) place.textContent = words;
  };
  if (!signal) {
    say('');
    if (button) button.disabled = true;
  }
  try {
    const credential = await ask(form, signal);
    if (!credential) return;
    const field = form.elements.namedItem('credential') as HTMLInputElement;
    field.value = JSON.stringify((credential as PublicKeyCredential).toJSON());
    form.submit();
  } catch (error) {
    // Nobody asked for anything while the page waited quietly, so nothing is said.
    if (!signal) say(form.dataset[saidOf(error instanceof Error ? error.name : '')] ?? '');
  } finally {
    if (button) button.disabled = false;
  }
}

async function ask(form: HTMLFormElement, signal?: AbortSignal): Promise<Credential | null> {
  const answer = await fetch(form.dataset.options ?? '', { method: 'POST', body: new URLSearchParams([...new FormData(form)].map(([name, value]) => [name, String(value)])) });
  if (!answer.ok || !answer.headers.get('content-type')?.startsWith('application/json')) throw new Error(`${answer.status}`);
  const options: unknown = await answer.json();
  if (form.dataset.passkey === 'create') {
    return navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options as PublicKeyCredentialCreationOptionsJSON) });
  }
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options as PublicKeyCredentialRequestOptionsJSON);
  return navigator.credentials.get(signal ? { publicKey, mediation: 'conditional', signal } : { publicKey });
}
