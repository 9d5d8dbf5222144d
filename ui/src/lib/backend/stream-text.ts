/** Streams as text, about as the real resident writes and reads them: enough to look at the editor. */
import { emptyDraft, toStream } from '../form';
import type { Fault, StreamForm, StreamTextView } from '../protocol';

const KNOWN = ['name', 'url', 'enabled', 'auth', 'refresh', 'headers', 'idle_timeout', 'retry', 'resume', 'event_id', 'ignore', 'end_on', 'sign_in_on', 'subscribe', 'store', 'redirects', 'max_event', 'strict', 'http1', 'insecure', 'outage', 'notify', 'method', 'body'];

/** The form that a draft stands for. */
export function streamOf(draft: StreamForm | string): StreamForm {
  if (typeof draft !== 'string') return draft;
  const said = (key: string) => new RegExp(`^${key} = "(.*?)"`, 'm').exec(draft)?.[1] ?? '';
  const kind = /^auth = \{ kind = "(bearer|cookie|none)"/m.exec(draft)?.[1] as 'bearer' | 'cookie' | 'none' | undefined;
  return { ...toStream({ ...emptyDraft(), name: said('name'), url: said('url'), enabled: !draft.includes('enabled = false'), authKind: kind ?? 'none' }), written: draft };
}

export function streamText(draft: StreamForm | string, original: StreamForm | undefined): StreamTextView {
  const text = typeof draft === 'string' ? draft : (draft.written ?? toml(draft));
  const faults = text.split('\n').flatMap((line, at) => fault(line, at + 1));
  if (!text.startsWith('[[stream]]')) faults.unshift({ line: 1, column: 1, field: null, message: { en: 'there is no [[stream]] here: begin with [[stream]] in a line of its own', zh: '这里没有 [[stream]]：请以单独一行 [[stream]] 开头' } });
  return { text, form: faults.length ? null : streamOf(text), faults, base: original ? toml(original) : null };
}

function fault(line: string, number: number): Fault[] {
  const key = /^(\w+)\s*=/.exec(line)?.[1];
  if (!key || KNOWN.includes(key)) return [];
  return [{ line: number, column: 1, field: key, message: { en: `stream has no option "${key}"`, zh: `stream 没有选项“${key}”` } }];
}

function toml({ name, url, enabled, auth }: StreamForm): string {
  const secret = auth.source === 'env' || auth.source === 'file' ? `, secret = { ${auth.source} = "${auth.place}" }` : '';
  const lines = [
    '[[stream]]', `name = "${name}"`, `url = "${url}"`, ...(enabled ? [] : ['enabled = false']),
    ...(auth.kind === 'none' ? [] : [`auth = { kind = "${auth.kind}"${auth.name ? `, name = "${auth.name}"` : ''}${secret} }`]),
  ];
  return `${lines.join('\n')}\n`;
}
