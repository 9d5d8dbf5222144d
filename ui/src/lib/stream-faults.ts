/** At which field of the form it stands what the resident will not have of a stream: by the key of the file that it names. */
import type { Draft, Faults } from './form';
import type { Locale } from './i18n/locale.svelte';
import type { Fault, Text } from './protocol';
import type { Editing } from './stream-editing.svelte';

/** What a fault can stand at. */
export type Place = keyof Faults | 'auth' | 'method' | 'body' | 'trust' | 'caCert' | 'clientCert' | 'proxy' | 'unixSocket' | 'ignore';

const PLACES: Readonly<Record<string, Place>> = {
  name: 'name', url: 'url', auth: 'auth', method: 'method', body: 'body', headers: 'headers', refresh: 'refreshUrl', idle_timeout: 'idleTimeoutS', retry: 'retryS',
  ignore: 'ignore', max_event: 'maxEventKiB', ca_cert: 'caCert', client_cert: 'clientCert', client_cert_password: 'clientCertPassword', pin_sha256: 'pins', proxy: 'proxy',
  unix_socket: 'unixSocket',
};

/** The field for a key; null where the form shows none. */
export function placeOf(key: string, { resumeFrom, resumeSend, request }: Draft): Place | null {
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

/** What is wrong with a field, in words: what the page sees itself, else what the resident said. */
export function wrongAt({ faults, told }: Editing, place: Place, locale: Locale): string | undefined {
  const own = place in faults ? faults[place as keyof Faults] : undefined;
  const text = told.get(place);
  return own ? locale.words.form.wrong[own] : text && locale.read(text);
}
