/** What a window does by itself, only while somebody can see it. */

/** Does something every so often; hidden, the window does nothing, and what it missed it does once when it is seen again. Ends with the returned function. */
export function nowAndThen(act: () => void, everyMs: number, page: Document = document): () => void {
  let missed = false;
  const hidden = () => page.visibilityState === 'hidden';
  const timer = setInterval(() => (hidden() ? (missed = true) : act()), everyMs);
  const follow = () => {
    if (hidden() || !missed) return;
    missed = false;
    act();
  };
  page.addEventListener('visibilitychange', follow);
  return () => {
    clearInterval(timer);
    page.removeEventListener('visibilitychange', follow);
  };
}
