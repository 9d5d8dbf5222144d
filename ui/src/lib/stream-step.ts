/** What a person can do next about a stream that is not well. Pure. */
import type { Words } from './i18n/en';
import type { StreamView, Text } from './protocol';

export type StreamStep = 'reconnect' | 'sign-in' | null;

export function nextStep(stream: StreamView): StreamStep {
  if (stream.state === 'needs-sign-in') return stream.signIn === null ? 'sign-in' : null;
  if (stream.state === 'open') return stream.quietSinceMs === null ? null : 'reconnect';
  return stream.state === 'waiting' || stream.state === 'offline' || stream.state === 'ended' ? 'reconnect' : null;
}

/** How the resident tells to sign in by the command line, at the end of why a stream needs it. */
const COMMAND = /(?:: run|：请运行) streambell token (?:set|login) .*$/;
/** Such a secret is typed in the stream's form, each at its field. */
const FURTHER = / --(?:header|client-secret|client-cert)\b/;

/** What a stream says, with the button of the window that does what it asks for instead of the command. */
export function saidHere(message: Text, read: (text: Text) => string, words: Words): string {
  return read(message).replace(COMMAND, (command) => words.streams.press(FURTHER.test(command) ? words.streams.edit : words.signIn.start));
}
