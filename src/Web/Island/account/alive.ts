// A page of somebody who is signed in goes when the session it was made in has ended, elsewhere or by time: nobody reads it who
// comes to the machine later. <html data-session> names the session; pages of the public have none.

/** How often a page that is looked at asks, in milliseconds. */
export const PAUSE = 60_000;

export function watchSession(): void {
  const session = document.documentElement.dataset.session;
  if (!session) return;
  const ask = () => {
    if (!document.hidden) void check(session);
  };
  setInterval(ask, PAUSE);
  document.addEventListener('visibilitychange', ask);
  // A page that the browser kept while another was shown, and shows again, became visible nowhere.
  window.addEventListener('pageshow', (event) => {
    if (event.persisted) ask();
  });
}

async function check(session: string): Promise<void> {
  let status: number;
  try {
    status = (await fetch(`/account/alive?${new URLSearchParams({ session })}`, { cache: 'no-store' })).status;
  } catch {
    // Without a line nothing is known of the session; the next time tells.
    return;
  }
  if (status === 401) leave();
}

/** Emptied at once, since what comes next may be long in coming. Asked for anew by its address: a reload would send a form once more. */
function leave(): void {
  document.title = '';
  document.body.replaceChildren();
  location.replace(location.pathname + location.search);
}
