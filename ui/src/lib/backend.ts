/** What the page asks of its host, and nothing else: the shell implements it, and so does the fake. */
import { plain } from './i18n/text';
import type { Answer, Call, ErrorCode, Link, Push, Text } from './protocol';

export interface Backend {
  /** Asks the resident; rejects with a {@link Refusal}. */
  ask(call: Call): Promise<Answer>;
  /** Starts hearing the resident: first its link, then a snapshot, then whatever happens. Ends with the returned function. */
  hear(hearer: Hearer): Promise<() => void>;
  /** Says whether anybody can see the page: hidden, it hears nothing but where it is called to, until it is seen again. */
  seen(seen: boolean): Promise<void>;
  /** Opens a web page in the person's browser. */
  openLink(url: string): Promise<void>;
  /** Gives a text to the person as a file. Says where it is; null where only the browser knows. */
  saveText(name: string, text: string): Promise<string | null>;
  /** Says whether something is open that would be lost with the window: then it asks before it closes. */
  hold(held: boolean): void;
  /** The version of the window itself; empty where it is none. */
  version(): Promise<string>;
}

export interface Hearer {
  link(link: Link): void;
  push(push: Push): void;
}

/** Why a call was refused. Its message is English, unless the backend is {@link spoken}. */
export class Refusal extends Error {
  readonly code: ErrorCode;
  readonly text: Text;

  constructor(code: ErrorCode, text: Text) {
    super(text.en);
    this.code = code;
    this.text = text;
  }

  /** Whatever was thrown, as a refusal. */
  static from(thrown: unknown): Refusal {
    if (thrown instanceof Refusal) return thrown;
    if (typeof thrown === 'object' && thrown !== null && 'message' in thrown) {
      const code = 'code' in thrown && isErrorCode(thrown.code) ? thrown.code : 'failed';
      return new Refusal(code, isText(thrown.message) ? thrown.message : plain(String(thrown.message)));
    }
    return new Refusal('failed', plain(String(thrown)));
  }
}

/** The same backend, whose refusals are said in the language that is read. */
export function spoken(backend: Backend, read: (text: Text) => string): Backend {
  const said = (thrown: unknown): never => {
    const { code, text } = Refusal.from(thrown);
    throw new Refusal(code, plain(read(text)));
  };
  return {
    ask: (call) => backend.ask(call).catch(said),
    hear: (hearer) => backend.hear(hearer),
    seen: (seen) => backend.seen(seen),
    openLink: (url) => backend.openLink(url).catch(said),
    saveText: (name, text) => backend.saveText(name, text).catch(said),
    hold: (held) => backend.hold(held),
    version: () => backend.version(),
  };
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
    throw new Refusal('failed', { en: `“${answer.answer}” came as the answer to “${call.call}”.`, zh: `“${call.call}”得到的应答是“${answer.answer}”。` });
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

function isText(thing: unknown): thing is Text {
  return typeof thing === 'object' && thing !== null && 'en' in thing && 'zh' in thing;
}

function isErrorCode(code: unknown): code is ErrorCode {
  return typeof code === 'string' && ['version', 'invalid', 'not-found', 'conflict', 'keyring', 'consent', 'failed'].includes(code);
}
