/**
 * Moves the focus to `element` where it would be lost: what had it is gone, as a button that has done its work. A person who
 * works elsewhere in the page is left there.
 */
export function focusIfLost(element: HTMLElement | null): void {
  const { activeElement } = document
  if (element && (activeElement === null || activeElement === document.body)) element.focus({ preventScroll: false })
}
