/** Words in English: adding a stream step by step. */
import type { AuthKind, WatchPhase } from '../../protocol';
import { and, events, plural } from './plural';

const kinds = (n: number) => plural(n, { one: '1 kind', other: (n) => `${n} kinds` });
const rules = (n: number) => plural(n, { one: '1 rule', other: (n) => `${n} rules` });
const tiles = (n: number) => plural(n, { one: '1 tile', other: (n) => `${n} tiles` });

export const adding = {
  title: 'Add a stream',
  steps: { address: 'Where', 'sign-in': 'Who you are', events: 'What matters' },
  address: 'Address',
  addressHint: 'Paste the address that sends the events. It begins with https://',
  connect: 'Connect',
  connecting: 'Connecting…',
  byHand: 'Fill in everything myself',
  presets: 'Or begin with a server you know',
  other: 'Another server',
  docs: (host: string) => `Read more at ${host}`,
  byDefault: (value: string) => `Left empty: ${value}`,
  diagnosing: 'Connects, watches, asks in other ways, and says what is wrong between here and the server.',
  anyway: 'Add it all the same',
  phases: {
    connecting: 'Connecting.',
    open: 'Connected.',
    waiting: 'It does not answer now.',
    'needs-sign-in': 'It asks who you are.',
    'not-a-stream': 'This is not an event stream.',
    refused: 'It cannot be reached.',
    done: 'Seen enough.',
  } satisfies Record<WatchPhase, string>,
  asks: 'The server wants to know who you are. Whoever runs it has given you a token or a password.',
  refused: 'The server did not accept that. Check it, or choose another way to sign in.',
  how: 'What did you get?',
  kinds: {
    bearer: 'A token',
    basic: 'A user and a password',
    header: 'A key for a header',
    query: 'A key for the address',
    cookie: 'A cookie',
    oauth2: 'A sign-in on a web page, or OAuth 2',
  } satisfies Record<Exclude<AuthKind, 'none'>, string>,
  kindHints: {
    none: 'Nothing is sent.',
    bearer: 'The usual one: it is sent as “Authorization: Bearer …”.',
    basic: 'As in a browser’s sign-in window.',
    header: 'Sent with each request under the name of the header.',
    query: 'Appended to the address when it connects, never stored in it.',
    cookie: 'As a browser that is signed in has it.',
    oauth2: 'You get a code to type on a page, or the program has a secret of its own.',
  } satisfies Record<AuthKind, string>,
  missing: 'Paste it here first.',
  codeHint: 'You get a short code here and type it on the server’s page. The stream is saved before that.',
  getCode: 'Get a code',
  waiting: 'Connected. Waiting for the first event…',
  nothing: 'Connected, and nothing has come yet. You can add it now and choose later.',
  unseen: 'Not looked at yet. It is connected once it is added.',
  came: (n: number, names: number) => `${events(n)} so far, of ${kinds(names)}`,
  choose: 'What shall ring, and what shall be shown as a tile?',
  ring: 'Ring for it',
  tile: 'Show as a tile',
  tileOf: (event: string) => `What the tile for ${event} shows`,
  valueOf: (value: string, key: string) => `${value}, one for each ${key}`,
  later: 'All of it can be changed later under Rules.',
  suggestions: (name: string) => `Made for ${name}`,
  suggestedTile: (event: string, value: string) => `Tile: ${value} of ${event}`,
  rule: 'A rule',
  asWritten: 'As it is written',
  add: 'Add this stream',
  added: (name: string, ruling: number, showing: number) =>
    [`“${name}” was added`, and(...[ruling ? rules(ruling) : '', showing ? tiles(showing) : ''].filter(Boolean))].filter(Boolean).join(', with '),
  addedPartly: (name: string, trouble: string) => `“${name}” was added. Not all of the rest could be: ${trouble}`,
};
