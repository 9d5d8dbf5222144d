/** What the page asks of its host, and nothing else: the shell implements it, and so does the fake. */
import type { Answer, Call, ErrorCode, Link, Push } from './protocol';

export interface Backend {
  /** Asks the resident; rejects with a {@link Refusal}. */
  ask(call: Call): Promise<Answer>;
  /** Starts hearing the resident: first its link, then a snapshot, then whatever happens. Ends with the returned function. */
  hear(hearer: Hearer): Promise<() => void>;
  /** Opens a web page in the person's browser. */
  openLink(url: string): Promise<void>;
}

export interface Hearer {
  link(link: Link): void;
  push(push: Push): void;
}

/** Why a call was refused. */
export class Refusal extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string) {
    super(message);
    this.code = code;
  }

  /** Whatever was thrown, as a refusal. */
  static from(thrown: unknown): Refusal {
    if (thrown instanceof Refusal) return thrown;
    if (typeof thrown === 'object' && thrown !== null && 'message' in thrown) {
      const code = 'code' in thrown && isErrorCode(thrown.code) ? thrown.code : 'failed';
      return new Refusal(code, String(thrown.message));
    }
    return new Refusal('failed', String(thrown));
  }
}

type Kind = Answer['answer'];
type Value<K extends Kind> = Extract<Answer, { answer: K }> extends { value: infer V } ? V : undefined;

/** Asks, and insists on the kind of answer that belongs to the call. */
export async function askFor<K extends Kind>(backend: Backend, kind: K, call: Call): Promise<Value<K>> {
  let answer: Answer;
  try {
    answer = await backend.ask(call);
  } catch (thrown) {
    throw Refusal.from(thrown);
  }
  if (answer.answer !== kind) {
    throw new Refusal('failed', `“${answer.answer}” came as the answer to “${call.call}”.`);
  }
  return ('value' in answer ? answer.value : undefined) as Value<K>;
}

/** Whether an address may be opened: http and https only, whatever the stream says. */
export function isWebLink(address: string): boolean {
  try {
    const { protocol } = new URL(address);
    return protocol === 'https:' || protocol === 'http:';
  } catch {
    return false;
  }
}

function isErrorCode(code: unknown): code is ErrorCode {
  return typeof code === 'string' && ['version', 'invalid', 'not-found', 'conflict', 'keyring', 'failed'].includes(code);
}
