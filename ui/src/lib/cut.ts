/** Texts that are cut where there is no room: which ones, and what they are in whole. */

/** Whether less of it is drawn than there is: of itself, or of a part of it that shrinks; what is only heard is never drawn. */
function isCut(element: Element): boolean {
  return [element, ...element.children].some((part) => !part.matches('.hidden-text') && part.scrollWidth > part.clientWidth + 1 && getComputedStyle(part).overflowX !== 'visible');
}

/** Those within that are cut, or only say a part: each says in its title what it is in whole. */
export function cutWithin(element: Element): HTMLElement[] {
  const titled = [...element.querySelectorAll<HTMLElement>('[title]')];
  return (element instanceof HTMLElement && element.title ? [element, ...titled] : titled).filter((one) => one.textContent?.trim() && (one.dataset.brief !== undefined || isCut(one)));
}

/** The row in which the focus is: of a list that keeps the focus itself, the one it names. */
export function rowOf(focused: Element): Element | null {
  const active = focused.getAttribute('aria-activedescendant');
  if (active !== null) return document.getElementById(active);
  if (focused.matches('[role=listbox], [role=tree], main, [role=region]')) return null;
  return focused.closest('li') ?? focused;
}
