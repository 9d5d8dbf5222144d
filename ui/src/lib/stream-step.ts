/** What a person can do next about a stream that is not well. Pure. */
import type { Words } from './i18n/en';
import type { StreamView, Text } from './protocol';

export type StreamStep = 'reconnect' | 'sign-in' | null;

export function nextStep(stream: StreamView): StreamStep {
  if (stream.state === 'needs-sign-in') return stream.signIn === null ? 'sign-in' : null;
  if (stream.state === 'open') return stream.quietSinceMs === null ? null : 'reconnect';
  if (stream.state === 'ended') return stream.finished ? null : 'reconnect';
  return stream.state === 'waiting' || stream.state === 'offline' ? 'reconnect' : null;
}

/** What a stream or a connection says, with the button of the window that brings what is missing instead of the command. */
export function saidHere({ message, missing }: Pick<StreamView, 'message' | 'missing'>, read: (text: Text) => string, words: Words): string {
  if (!missing) return read(message);
  return read(missing.cause) + words.streams.press(missing.remedy === 'edit' ? words.streams.edit : words.signIn.start);
}
