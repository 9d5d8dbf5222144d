/** What was typed and not saved, kept over the window's end; nothing that may be a secret is in it. */
import type { Draft } from './form';
import type { RuleForm, TileForm } from './protocol';
import { redacted, redactedUrl } from './redact';

const KEY = 'streambell.drafts';
/** No more is kept, in characters. */
const MOST = 100_000;

/** A rule that was being written. */
export interface KeptRule {
  readonly original: string | null;
  /** Its text in the file when it was read. */
  readonly base: string | null;
  readonly form: RuleForm;
  /** What was written, where it was shown as text. */
  readonly text: string | null;
}

/** A stream that was being described. */
export interface KeptStream {
  readonly original: string | null;
  readonly base: string | null;
  readonly draft: Draft;
  readonly text: string | null;
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

  /** What was kept last; nothing of it where it cannot be read, or was written by another version. */
  read(): Kept | null {
    try {
      const kept = JSON.parse(this.#store.getItem(KEY) ?? 'null') as Kept | null;
      const sound = kept && (!kept.rule || Array.isArray(kept.rule.form.events)) && (!kept.stream || 'request' in kept.stream.draft) && (!kept.tile || 'value' in kept.tile.tile);
      return sound ? kept : null;
    } catch {
      return null;
    }
  }
}

/** A text that is taken as a whole is kept whole or not at all. */
function whole(text: string | null): string | null {
  return text !== null && redacted(text) === text ? text : null;
}

/** A draft of a stream that is there, with what was left out as it is in the file, unless something else was typed. */
export function completed(draft: Draft, file: Draft): Draft {
  const back = (kept: string, there: string, taken: (text: string) => string) => (kept === taken(there) ? there : kept);
  return {
    ...draft,
    url: back(draft.url, file.url, redactedUrl),
    refreshUrl: back(draft.refreshUrl, file.refreshUrl, redactedUrl),
    headers: back(draft.headers, file.headers, redacted),
    request: { ...draft.request, body: back(draft.request.body, file.request.body, redacted), proxy: back(draft.request.proxy, file.request.proxy, redactedUrl) },
  };
}

function withoutSecrets(stream: KeptStream): KeptStream {
  const { draft } = stream;
  return {
    ...stream,
    base: whole(stream.base),
    text: whole(stream.text),
    draft: {
      ...draft,
      url: redactedUrl(draft.url),
      refreshUrl: redactedUrl(draft.refreshUrl),
      headers: redacted(draft.headers),
      written: whole(draft.written),
      preset: null,
      request: { ...draft.request, body: redacted(draft.request.body), proxy: redactedUrl(draft.request.proxy) },
    },
  };
}
