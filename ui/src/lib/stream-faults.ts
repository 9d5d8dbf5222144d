/** At which field of the form it stands what the resident will not have of a stream: by the key of the file that it names. */
import { wantsSecret, type Draft, type Faults } from './form';
import type { Locale } from './i18n/locale.svelte';
import type { Fault, MoreSecrets, Text } from './protocol';
import type { Editing } from './stream-editing.svelte';

/** What a fault can stand at. */
export type Place = keyof Faults | 'auth' | 'method' | 'body' | 'trust' | 'caCert' | 'clientCert' | 'proxy' | 'unixSocket' | 'ignore' | 'secret';

const PLACES: Readonly<Record<string, Place>> = {
  name: 'name', url: 'url', auth: 'auth', method: 'method', body: 'body', headers: 'headers', refresh: 'refreshUrl', idle_timeout: 'idleTimeoutS', retry: 'retryS',
  ignore: 'ignore', max_event: 'maxEventKiB', ca_cert: 'caCert', client_cert: 'clientCert', client_cert_password: 'clientCertPassword', pin_sha256: 'pins', proxy: 'proxy',
  unix_socket: 'unixSocket',
};

/** The field for a key; null where the form shows none. */
export function placeOf(key: string, { resumeFrom, resumeSend, request, headers, secretHeaders }: Draft): Place | null {
  if (key === 'headers' && !headers.trim() && secretHeaders.length) return 'secretHeaders';
  if (key === 'resume') return resumeFrom === 'pointer' ? 'resumePointer' : resumeFrom !== 'none' && resumeSend === 'query' ? 'resumeParameter' : null;
  if (key === 'redirects') return request.redirects ? 'trust' : null;
  if (key === 'outage') return request.outage === 'after' ? 'outageS' : null;
  return PLACES[key] ?? null;
}

/** The first fault of each field. */
export function byPlace(faults: readonly Fault[], draft: Draft): ReadonlyMap<Place, Text> {
  const found = new Map<Place, Text>();
  for (const { field, message } of faults) {
    const place = field === null ? null : placeOf(field, draft);
    if (place && !found.has(place)) found.set(place, message);
  }
  return found;
}

/** What a stream's secrets go to. */
const ways = ({ url, refreshUrl, oauth2, connection, request }: Draft) => [
  [url, connection.unixSocket, request.proxy],
  [refreshUrl, oauth2.tokenUrl, oauth2.deviceUrl],
].map((way) => way.map((part) => part.trim()).join('\n'));

/**
 * The field of the secret that must be typed again where a stream goes another way than before, which the resident
 * refuses for the stream as a whole: nothing else is wrong with it. Null where it can only be the file that must change.
 */
export function retypedAt(draft: Draft, before: Draft, main: string, more: MoreSecrets | undefined): Place | null {
  const [stream, account] = ways(draft).map((way, at) => way !== ways(before)[at]);
  if (!stream && !account) return null;
  if (wantsSecret(draft) && !main) return 'secret';
  if (draft.authSource === 'command' || draft.secretHeaders.some(({ place }) => place.source === 'command')) return null;
  const untyped = draft.secretHeaders.some(({ name, place }) => place.source === 'keyring' && !more?.headers.some(([typed]) => typed === name.trim()));
  if (stream && untyped) return 'secretHeaders';
  return draft.authKind === 'oauth2' && draft.oauth2.clientSecret?.source === 'keyring' && !more?.clientSecret ? 'clientSecret' : null;
}

/** What is wrong with a field, in words: what the page sees itself, else what the resident said. */
export function wrongAt({ faults, told }: Editing, place: Place, locale: Locale): string | undefined {
  const own = place in faults ? faults[place as keyof Faults] : undefined;
  const text = told.get(place);
  return own ? locale.words.form.wrong[own] : text && locale.read(text);
}
