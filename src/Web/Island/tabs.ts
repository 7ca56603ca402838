// A row of tabs that is wider than the screen begins where the reader is.

export function watchTabs(): void {
  const show = () => {
    for (const tab of document.querySelectorAll<HTMLElement>('.tab [aria-current]')) {
      const row = tab.closest('ul');
      if (row) row.scrollLeft = tab.parentElement!.offsetLeft - (row.clientWidth - tab.offsetWidth) / 2 - row.offsetLeft;
    }
  };
  document.addEventListener('swapped', show);
  show();
}
