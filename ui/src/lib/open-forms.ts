/** The forms that are open: what in them is not saved, how each is closed, and the way back to what was typed. */
import type { View } from './dashboard.svelte';
import type { Kept } from './drafts';
import type { Exchange } from './exchange.svelte';
import type { Rules } from './rules.svelte';
import { calledOf, type Streams } from './streams.svelte';
import type { TileForms } from './tile-forms.svelte';

interface Page {
  readonly streams: Streams;
  readonly rules: Rules;
  readonly tileForms: TileForms;
  readonly exchange: Exchange;
  rulesTab: 'rules' | 'tiles';
  show(view: View): void;
}

export class OpenForms {
  readonly #page: Page;
  /** Told of a form that is closed with something unsaved in it, and how to have it back. */
  onunsaved: (name: string, reopen: () => void) => void = () => {};

  constructor(page: Page) {
    this.#page = page;
  }

  /** Comes to rules or tiles, closes what is open there, and opens this. */
  openRules(tab: 'rules' | 'tiles', open: () => void): void {
    this.#page.show('rules');
    this.#page.rulesTab = tab;
    this.closeRules();
    open();
  }

  /** Closes the form of a stream. */
  closeStream(): void {
    const { streams } = this.#page;
    const unsaved = streams.close();
    if (!unsaved) return;
    this.onunsaved(calledOf(unsaved), () => {
      this.#page.show('streams');
      this.closeStream();
      streams.reopen(unsaved);
    });
  }

  /** Closes whatever is open beside rules and tiles. */
  closeRules(): void {
    const { rules, tileForms, exchange } = this.#page;
    const [rule, tile] = [rules.close(), tileForms.close()];
    exchange.close();
    if (rule) this.onunsaved(rule.original ?? rule.suggestedName, () => this.openRules('rules', () => rules.reopen(rule)));
    if (tile) this.onunsaved(tile.name, () => this.openRules('tiles', () => tileForms.reopen(tile)));
  }

  /** What is open with something unsaved in it. */
  get unsaved(): Kept {
    const { streams, rules, tileForms } = this.#page;
    const [rule, tile, stream] = [rules.editing, tileForms.editing, streams.unsaved];
    const kept = stream?.editing.changed ? stream.editing.kept : null;
    return {
      rule: rule?.changed ? rule.kept : null,
      tile: tile?.changed ? tile.kept : null,
      stream: stream && kept ? { ...kept, inSteps: stream.inSteps } : null,
    };
  }

  /** Whether something is open that is kept nowhere, and would be lost with the window: a stream's text, which may hold a secret, or what a preset was answered. */
  get losesText(): boolean {
    const editing = this.#page.streams.unsaved?.editing;
    return editing !== undefined && (editing.kept === null || !editing.changed);
  }

  /** Opens again what was open when the window was closed. Gives back what that is called, and how to go to the last of it. */
  resume({ rule, tile, stream }: Kept): { names: string[]; go: () => void } {
    const { streams, rules, tileForms } = this.#page;
    const names: string[] = [];
    const views: View[] = [];
    if (stream && !streams.editing && !streams.adding) {
      names.push(calledOf(streams.resume(stream)));
      views.push('streams');
    }
    if ((rule || tile) && !rules.editing && !tileForms.editing) {
      if (tile) names.push(tileForms.resume(tile).name);
      if (rule) {
        const { original, form, suggestedName } = rules.resume(rule);
        names.push(original ?? (form.name.trim() || suggestedName));
      }
      this.#page.rulesTab = rule ? 'rules' : 'tiles';
      views.push('rules');
    }
    return { names, go: () => this.#page.show(views.at(-1) ?? 'now') };
  }
}
