// "?" shows the keys, and so does a button; the dialog is the browser's own, with its focus and Escape.

export function watchHelp(root: HTMLElement): void {
  const dialog = root.querySelector<HTMLDialogElement>('#map-help');
  if (!dialog) return;
  const open = () => void (dialog.open || dialog.showModal());
  const mount = () => {
    for (const button of root.querySelectorAll<HTMLElement>('[data-help]')) button.hidden = false;
  };
  root.addEventListener('click', (event) => void ((event.target as Element).closest('[data-help]') && open()));
  document.addEventListener('keydown', (event) => {
    const typing = (event.target as Element).closest?.('input:not([type=range]):not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]');
    if (event.key === '?' && !typing && !event.ctrlKey && !event.metaKey) open();
  });
  document.addEventListener('swapped', mount);
  mount();
}
