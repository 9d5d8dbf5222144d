/** Brings whoever saved a form to the first field that is wrong, also where it is folded away. True where there is one. */
import { tick } from 'svelte';

export async function focusFault(form: HTMLElement | undefined): Promise<boolean> {
  await tick();
  const first = form?.querySelector<HTMLElement>('[aria-invalid="true"]');
  if (!first) return false;
  for (let fold = first.closest('details'); fold; fold = fold.parentElement?.closest('details') ?? null) fold.open = true;
  first.focus();
  return true;
}
