/** What was typed and not saved, kept over the window's end; nothing that may be a secret is in it. */
import { emptyDraft, type Draft } from './form';
import type { RuleForm, TileForm } from './protocol';
import { redactedHeaders, redactedUrl } from './redact';
import { emptyRule } from './rule-draft';
import { typedOf, type Typed } from './rule-typed';
import { emptyTile } from './tile-forms.svelte';

const KEY = 'streambell.drafts';
/** No more is kept, in characters. */
const MOST = 100_000;

/** What a tile may say only since drafts are kept: in an older one it is missing. */
const LATER = { unit: null, label: null };

/** A rule that was being written. */
export interface KeptRule {
  readonly original: string | null;
  /** Its text in the file when it was read. */
  readonly base: string | null;
  readonly form: RuleForm;
  /** What stands in its fields, whether it means something or not. */
  readonly typed: Typed;
  /** What was written, where it was shown as text. */
  readonly text: string | null;
}

/** A stream that was being described. */
export interface KeptStream {
  readonly original: string | null;
  readonly draft: Draft;
  /** Whether it was being added step by step. */
  readonly inSteps: boolean;
}

/** A tile that was being written. */
export interface KeptTile {
  readonly original: TileForm | null;
  readonly tile: TileForm;
}

export interface Kept {
  readonly rule: KeptRule | null;
  readonly stream: KeptStream | null;
  readonly tile: KeptTile | null;
}

export class Drafts {
  readonly #store: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

  constructor(store: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>) {
    this.#store = store;
  }

  /** Keeps what is open now in place of what was. */
  keep({ rule, stream, tile }: Kept): void {
    const text = rule || stream || tile ? JSON.stringify({ rule, stream: stream && withoutSecrets(stream), tile } satisfies Kept) : '';
    try {
      if (text && text.length <= MOST) this.#store.setItem(KEY, text);
      else this.#store.removeItem(KEY);
    } catch {
      // A full or forbidden store costs the draft at the window's end, nothing now.
    }
  }

  /** What was kept last; nothing of it where it cannot be read, or was written by a version with other fields. */
  read(): Kept | null {
    try {
      const kept = JSON.parse(this.#store.getItem(KEY) ?? 'null') as Kept | null;
      const sound = kept && (!kept.rule || (isLike(kept.rule.form, emptyRule()) && isLike(kept.rule.typed, typedOf(emptyRule())))) && (!kept.stream || isLike(kept.stream.draft, emptyDraft())) && (!kept.tile || isLike({ ...LATER, ...kept.tile.tile }, emptyTile()));
      return sound ? { ...kept, tile: kept.tile && whole(kept.tile) } : null;
    } catch {
      return null;
    }
  }
}

/** A tile with what it has said only since it was kept. */
function whole({ original, tile }: KeptTile): KeptTile {
  return { original: original && { ...emptyTile(), ...original }, tile: { ...emptyTile(), ...tile } };
}

/** Whether a value has all the fields of a model, of the same kinds; what is null in the model may be anything. */
function isLike(value: unknown, model: unknown): boolean {
  if (model === null) return value !== undefined;
  if (typeof value !== typeof model || Array.isArray(value) !== Array.isArray(model)) return false;
  if (typeof model !== 'object' || Array.isArray(model)) return true;
  return value !== null && Object.entries(model).every(([name, part]) => isLike((value as Record<string, unknown>)[name], part));
}

/** A draft of a stream that is there, with what was left out as it is in the file, unless something else was typed. */
export function completed(draft: Draft, file: Draft): Draft {
  const back = (kept: string, there: string, taken: (text: string) => string) => (kept === taken(there) ? there : kept);
  const url = (kept: string, there: string) => back(kept, there, redactedUrl);
  return {
    ...draft,
    url: url(draft.url, file.url),
    refreshUrl: url(draft.refreshUrl, file.refreshUrl),
    headers: back(draft.headers, file.headers, redactedHeaders),
    oauth2: { ...draft.oauth2, tokenUrl: url(draft.oauth2.tokenUrl, file.oauth2.tokenUrl), deviceUrl: url(draft.oauth2.deviceUrl, file.oauth2.deviceUrl) },
    request: { ...draft.request, body: back(draft.request.body, file.request.body, () => ''), proxy: url(draft.request.proxy, file.request.proxy) },
  };
}

/** Of what a person wrote freely nobody knows what in it is a secret: a body is left out, and a stream that was written as text is not kept at all. */
function withoutSecrets(stream: KeptStream): KeptStream {
  const { draft } = stream;
  return {
    ...stream,
    draft: {
      ...draft,
      url: redactedUrl(draft.url),
      refreshUrl: redactedUrl(draft.refreshUrl),
      headers: redactedHeaders(draft.headers),
      preset: null,
      oauth2: { ...draft.oauth2, tokenUrl: redactedUrl(draft.oauth2.tokenUrl), deviceUrl: redactedUrl(draft.oauth2.deviceUrl) },
      request: { ...draft.request, body: '', proxy: redactedUrl(draft.request.proxy) },
    },
  };
}
