/** What a person can do next about a stream that is not well. Pure. */
import type { StreamView } from './protocol';

export type StreamStep = 'reconnect' | 'sign-in' | null;

export function nextStep(stream: StreamView): StreamStep {
  if (stream.state === 'needs-sign-in') return stream.signIn === null ? 'sign-in' : null;
  if (stream.state === 'open') return stream.quietSinceMs === null ? null : 'reconnect';
  return stream.state === 'waiting' || stream.state === 'offline' || stream.state === 'ended' ? 'reconnect' : null;
}
