/** Says in words that the page has stopped where nothing else is left of it: nobody is to look at an empty window. */
import { mount } from 'svelte';

import Stopped from '../components/Stopped.svelte';

/** Watches for what nobody caught, until the returned function is called. */
export function watch(target: HTMLElement, page: Window = window): () => void {
  const look = (error: unknown) => {
    // What is drawn may still be about to come.
    setTimeout(() => isEmpty(target) && stop(target, error));
  };
  const threw = (event: ErrorEvent) => look(event.error ?? event.message);
  const refused = (event: PromiseRejectionEvent) => look(event.reason);
  page.addEventListener('error', threw);
  page.addEventListener('unhandledrejection', refused);
  return () => {
    page.removeEventListener('error', threw);
    page.removeEventListener('unhandledrejection', refused);
  };
}

/** Puts the words in place of all that is there. */
export function stop(target: HTMLElement, error: unknown): void {
  target.replaceChildren();
  mount(Stopped, { target, props: { error } });
}

function isEmpty(target: HTMLElement): boolean {
  return !target.textContent?.trim();
}
