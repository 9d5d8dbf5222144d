/** Commands for each stream. */
import type { StreamView } from '../protocol';
import { things, type Thing, type Things, type Verb } from '../things';
import { lengths, type Live } from './page';

type Stream = Thing & Pick<StreamView, 'state' | 'signIn'>;

export function streams(page: Live): Things {
  const { dashboard, actions, locale, snapshot } = page;
  const { resident } = dashboard;
  const t = locale.words;
  const p = t.palette;
  const isOff = ({ state }: Stream) => state === 'paused';
  const anySilent = snapshot.silences.length + snapshot.streamPauses.length > 0;
  const silences = lengths(page, t.quiet.untilIEnd).map(([id, seconds, word]): Verb<Stream> => ({
    id: `silence-${id}`,
    say: (name) => t.named(t.quiet.silenceStream(name), word),
    run: ({ name }) => actions.silenceStream(name, seconds),
  }));
  const verbs: Verb<Stream>[] = [
    { id: 'stream', say: (name) => name, run: ({ name }) => dashboard.openStream(name) },
    { id: 'try', say: p.reconnect, can: (stream) => !isOff(stream), run: ({ name }) => dashboard.attempt(() => resident.reconnect(name)) },
    { id: 'sign-in', say: p.signIn, can: ({ state }) => state === 'needs-sign-in', run: ({ name }) => actions.signIn(name) },
    { id: 'sign-in-cancel', say: p.cancelSignIn, can: ({ signIn }) => signIn !== null, run: ({ name }) => dashboard.attempt(() => resident.cancelSignIn(name)) },
    { id: 'diagnose', say: p.diagnose, run: ({ name }) => dashboard.diagnose(name) },
    { id: 'edit', say: p.edit, run: ({ name }) => dashboard.editStream(name) },
    { id: 'hear', say: p.hearStream, can: ({ name }) => anySilent && actions.silentStream(name) !== null, run: ({ name }) => actions.endSilence(actions.silentStream(name), t.alerts.silencing.stream(name)) },
    ...silences,
    { id: 'turn', say: p.turnStreamOn, can: isOff, run: ({ name }) => void actions.turnStream(name, true) },
    { id: 'turn', say: p.turnStreamOff, can: (stream) => !isOff(stream), run: ({ name }) => void actions.turnStream(name, false) },
    { id: 'feed', say: p.feedOf, run: ({ name }) => dashboard.openEvents({ stream: name }) },
    { id: 'remove', say: p.removeStream, run: ({ name }) => actions.removeStream(name) },
  ];
  return things('stream', snapshot.streams.map(({ name, url, state, signIn }) => ({ id: name, name, also: url, state, signIn })), verbs);
}
