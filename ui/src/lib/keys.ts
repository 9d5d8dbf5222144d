/** Whether a key belongs to what has the focus: somebody types, or picks from a list. */
export function isTyping({ target }: KeyboardEvent): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.closest('[role=menu], [role=dialog], dialog')) return true;
  const { tagName } = target;
  if (tagName === 'INPUT') return !['checkbox', 'radio', 'button'].includes((target as HTMLInputElement).type);
  return tagName === 'TEXTAREA' || tagName === 'SELECT' || target.isContentEditable;
}
