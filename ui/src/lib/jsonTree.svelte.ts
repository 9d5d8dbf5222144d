/** A JSON text as lines that fold: which are open, which one is chosen. */
import { SvelteMap } from 'svelte/reactivity';

import { beginning, copyOf, members, parseJson, pointTo, type JsonValue } from './json';

/** How many members are shown before somebody asks for more, and how many more each time. */
export const FIRST_MEMBERS = 100;
export const MORE_MEMBERS = 500;
/** The same for the characters of one text. */
export const FIRST_CHARACTERS = 300;
export const MORE_CHARACTERS = 32 * 1024;
/** About how many lines are open at first, and how deep. */
const FIRST_LINES = 60;
const FIRST_DEPTH = 5;

export interface JsonLine {
  /** Its own within the tree: its pointer, unless a name is there twice. */
  readonly id: string;
  readonly pointer: string;
  /** From 1. */
  readonly level: number;
  /** None for the whole. */
  readonly name: string | null;
  readonly value: JsonValue;
  readonly foldable: boolean;
  readonly open: boolean;
  /** Its place among its siblings, from 1, and how many they are. */
  readonly at: number;
  readonly of: number;
  /** Set on the line that offers what is not shown of the one above it: how much that is. */
  readonly rest: number | null;
}

export class JsonTree {
  readonly #text: () => string;
  /** What somebody folded or unfolded. It outlives the text, so that the next event of its kind looks the same. */
  readonly #folds = new SvelteMap<string, boolean>();
  readonly #shown = new SvelteMap<string, number>();
  #chosen = $state('');

  readonly #root = $derived.by(() => parseJson(this.#text()));
  readonly #first = $derived.by(() => this.#openAtFirst());
  readonly #lines = $derived.by(() => this.#layOut());

  constructor(text: () => string) {
    this.#text = text;
  }

  /** Whether the text is an object or an array at all. */
  get is(): boolean {
    return this.#root !== null;
  }
  get lines(): readonly JsonLine[] {
    return this.#lines;
  }
  /** The chosen line: the whole until another is. */
  get chosen(): JsonLine | null {
    return this.#lines.find(({ id }) => id === this.#chosen) ?? this.#lines[0] ?? null;
  }

  choose({ id }: JsonLine): void {
    this.#chosen = id;
  }

  /** Folds or unfolds; on the line that offers more, shows more. */
  toggle(line: JsonLine): void {
    if (line.rest !== null) this.#shown.set(holder(line), this.#shownOf(holder(line), line.value) + (line.value.kind === 'string' ? MORE_CHARACTERS : MORE_MEMBERS));
    else if (line.foldable) this.#folds.set(line.id, !line.open);
  }

  /** Where an arrow key leads: into and out of what folds, as in every tree. */
  step(key: string): void {
    const lines = this.#lines;
    const from = this.chosen;
    if (!from) return;
    const at = lines.indexOf(from);
    const parent = lines.slice(0, at).findLast(({ level }) => level < from.level);
    const to: Record<string, JsonLine | undefined> = { ArrowDown: lines[at + 1], ArrowUp: lines[at - 1], Home: lines[0], End: lines.at(-1) };
    if (key === 'ArrowRight' && from.foldable && !from.open) this.toggle(from);
    else if (key === 'ArrowRight' && from.open) this.choose(lines[at + 1] ?? from);
    else if (key === 'ArrowLeft' && from.foldable && from.open) this.toggle(from);
    else if (key === 'ArrowLeft') this.choose(parent ?? from);
    else this.choose(to[key] ?? from);
  }

  /** What a line shows of its text. */
  beginning(line: JsonLine): string {
    return beginning(this.#text(), line.value, line.open ? this.#shownOf(line.id, line.value) : FIRST_CHARACTERS);
  }

  /** What stands in for the inside of something folded. */
  glimpse({ value }: JsonLine): string {
    return this.#text().slice(value.from, Math.min(value.to, value.from + 120)).replace(/\s+/g, ' ');
  }

  written({ value }: JsonLine): string {
    return this.#text().slice(value.from, value.to);
  }

  copyOf({ value }: JsonLine): string {
    return copyOf(this.#text(), value);
  }

  #shownOf(id: string, { kind }: JsonValue): number {
    return this.#shown.get(id) ?? (kind === 'string' ? MORE_CHARACTERS : FIRST_MEMBERS);
  }

  /** Level by level, as long as it all is still seen at a glance. */
  #openAtFirst(): ReadonlySet<string> {
    const open = new Set<string>(['']);
    let level: { id: string; value: JsonValue }[] = this.#root ? [{ id: '', value: this.#root }] : [];
    let lines = this.#root ? Math.min(this.#root.size, FIRST_MEMBERS) : 0;
    for (let depth = 1; level.length && depth < FIRST_DEPTH; depth += 1) {
      const below: typeof level = [];
      for (const { id, value } of level) {
        for (const [member, inner] of this.#members(id, value)) {
          if (!isContainer(inner) || !inner.size || lines + inner.size > FIRST_LINES) continue;
          lines += inner.size;
          open.add(member);
          below.push({ id: member, value: inner });
        }
      }
      level = below;
    }
    return open;
  }

  #layOut(): JsonLine[] {
    const root = this.#root;
    if (!root) return [];
    const lines: JsonLine[] = [];
    // A stack instead of calls, so that no depth is too deep.
    const ahead: Omit<JsonLine, 'open' | 'foldable'>[] = [{ id: '', pointer: '', level: 1, name: null, value: root, at: 1, of: 1, rest: null }];
    for (let next = ahead.pop(); next; next = ahead.pop()) {
      const { id, value, level, rest } = next;
      const foldable = rest === null && (isContainer(value) ? value.size > 0 : value.kind === 'string' && value.size > FIRST_CHARACTERS);
      const open = foldable && (this.#folds.get(id) ?? this.#first.has(id));
      lines.push({ ...next, foldable, open });
      if (!open) continue;
      const left = value.size - this.#shownOf(id, value);
      if (left > 0) ahead.push({ id: `${id}~+`, pointer: next.pointer, level: level + 1, name: null, value, at: value.size, of: value.size, rest: left });
      if (value.kind === 'string') continue;
      const inner = this.#members(id, value);
      for (let at = inner.length - 1; at >= 0; at -= 1) {
        const [innerId, innerValue, name] = inner[at]!;
        ahead.push({ id: innerId, pointer: pointTo(next.pointer, name), level: level + 1, name, value: innerValue, at: at + 1, of: value.size, rest: null });
      }
    }
    return lines;
  }

  /** What is shown of a container, each with an id of its own. */
  #members(id: string, value: JsonValue): [id: string, value: JsonValue, name: string][] {
    const seen = new Set<string>();
    return members(this.#text(), value, this.#shownOf(id, value)).map(({ name, value: inner }, at) => {
      const plain = pointTo(id, name);
      // No pointer has a ~ before anything but 0 and 1.
      const own = seen.has(plain) ? `${plain}~${at + 2}` : plain;
      seen.add(plain);
      return [own, inner, name];
    });
  }
}

const isContainer = ({ kind }: JsonValue) => kind === 'object' || kind === 'array';
const holder = ({ id }: JsonLine) => id.slice(0, -2);
