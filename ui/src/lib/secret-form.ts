/** Where a stream's secrets come from, between its fields and the form the resident takes. No secret is in here. Pure. */
import type { MoreSecrets, SecretPlace, SecretSource, StreamForm } from './protocol';

/** A secret that a stream may have or not. */
export type MaybeSource = SecretSource | 'none';

/** A header whose value is a secret. */
export interface SecretHeader {
  /** What it is told apart by while its name is typed. */
  readonly key: number;
  name: string;
  place: SecretPlace;
}

export type WrongPlace = 'variable' | 'file' | 'program';

let lastKey = 0;

export function inKeyring(): SecretPlace {
  return { source: 'keyring', place: '' };
}

export function secretHeader(name = '', place: SecretPlace = inKeyring()): SecretHeader {
  return { key: ++lastKey, name, place: { ...place } };
}

/** Those that were there `before` stay the same rows, with what was typed in them. */
export function toSecretHeaders(headers: readonly [string, SecretPlace][], before: readonly SecretHeader[] = []): SecretHeader[] {
  return headers.map(([name, place]) => {
    const same = before.find((header) => header.name.trim() === name);
    return same ? { ...same, name, place: { ...place } } : secretHeader(name, place);
  });
}

/** Rows that nobody filled in are left out. */
export function fromSecretHeaders(headers: readonly SecretHeader[]): [string, SecretPlace][] {
  return headers.filter(({ name }) => name.trim()).map(({ name, place }) => [name.trim(), tidy(place)]);
}

export function tidy({ source, place }: SecretPlace): SecretPlace {
  return { source, place: source === 'keyring' ? '' : place.trim() };
}

/** What is wrong with where a secret comes from. */
export function placeFault(place: SecretPlace | null): WrongPlace | null {
  if (place?.source === 'env' && !/^[A-Za-z_]\w*$/.test(place.place.trim())) return 'variable';
  if (place?.source === 'command' && !place.place.trim()) return 'program';
  return place?.source === 'file' && !place.place.trim() ? 'file' : null;
}

/** Whether any header cannot be so: its name is none or there twice, or its place is none. */
export function headersFault(headers: readonly SecretHeader[], plain: readonly string[]): boolean {
  const names = [...plain, ...headers.map(({ name }) => name.trim()).filter(Boolean)].map((name) => name.toLowerCase());
  return (
    new Set(names).size < names.length ||
    headers.some(({ name, place }) => (name.trim() !== '' && !/^[!#$%&'*+.^_`|~\w-]+$/.test(name.trim())) || placeFault(place) !== null)
  );
}

/** Whether a program tells any of a stream's secrets. */
export function startsProgram(stream: StreamForm): boolean {
  return places(stream).some((place) => place?.source === 'command');
}

/** Whether the keyring may hold anything for a stream, which is deleted with it. A sign-in with a code leaves its token there. */
export function keepsSecret(stream: StreamForm): boolean {
  const { auth, oauth2 } = stream;
  const byCode = auth.kind === 'oauth2' && oauth2.grant === 'device';
  return byCode || places(stream).some((place) => place?.source === 'keyring');
}

/** Where each of a stream's secrets comes from. */
function places({ auth, secretHeaders, oauth2, connection }: StreamForm): (Pick<SecretPlace, 'source'> | null)[] {
  return [auth.kind === 'none' ? null : auth, ...secretHeaders.map(([, place]) => place), oauth2.clientSecret, connection.clientCertPassword];
}

export function noSecrets(): MoreSecrets {
  return { headers: [], clientSecret: null, clientCert: null };
}

/** What was typed beside the main secret; a field left empty keeps what the keyring holds. */
export function typedSecrets(form: HTMLElement | undefined): MoreSecrets {
  const typed = (part: string) => form?.querySelector<HTMLInputElement>(`input[data-secret="${part}"]:enabled`)?.value || null;
  const inputs = [...(form?.querySelectorAll<HTMLInputElement>('input[data-secret="header"]') ?? [])];
  const headers = inputs.filter(({ value, dataset }) => value && dataset['header']).map((input): [string, string] => [input.dataset['header'] ?? '', input.value]);
  return { headers, clientSecret: typed('client-secret'), clientCert: typed('client-cert') };
}

export function isNothing({ headers, clientSecret, clientCert }: MoreSecrets): boolean {
  return headers.length === 0 && clientSecret === null && clientCert === null;
}
