/** Where a right click has a menu: the browser's is for text, and has Back and Reload for everything else. */
import { writes } from './keys';

/** Whether the menu is of use there: where somebody writes, where text can be selected, and on what is selected. */
export function hasMenu(target: EventTarget | null): boolean {
  if (!(target instanceof Element)) return false;
  const { userSelect, webkitUserSelect } = getComputedStyle(target);
  return writes(target) || [userSelect, webkitUserSelect].includes('text') || (getSelection()?.containsNode(target, true) === true && getSelection()?.isCollapsed === false);
}
