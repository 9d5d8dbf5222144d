/** A stream between the form a person fills in and the one the resident takes. Pure. */
import { isWebLink } from './backend';
import type { AuthKind, OAuth2Form, PresetChoice, ResumeFrom, ResumeSend, SecretPlace, SecretSource, StoreForm, StreamForm } from './protocol';
import { emptyRequest, requestFaults, toRequest, toRequestDraft, type RequestDraft } from './request-form';
import { fromSecretHeaders, headersFault, placeFault, tidy, toSecretHeaders, type SecretHeader, type WrongPlace } from './secret-form';

/** What stands in the fields. The secret is not among them: it lives in its input only, and never in a state. */
export interface Draft {
  name: string;
  url: string;
  enabled: boolean;
  authKind: AuthKind;
  authName: string;
  authSource: SecretSource;
  /** The variable or file of a secret that is not in the keyring. */
  authPlace: string;
  authTemplate: string;
  refreshUrl: string;
  refreshTokenPointer: string;
  headers: string;
  secretHeaders: SecretHeader[];
  idleTimeoutS: string;
  resumeFrom: ResumeFrom;
  resumePointer: string;
  resumeSend: ResumeSend;
  resumeParameter: string;
  store: StoreForm;
  oauth2: OAuth2Form;
  connection: ConnectionDraft;
  request: RequestDraft;
  /** The kind of server that a new stream is made for: what the form does not show is as there. */
  preset: PresetChoice | null;
  /** The text that a person wrote before: what the form does not show is as there. */
  written: string | null;
}

/** The way to the server; of pins one stands on each line. */
interface ConnectionDraft {
  pins: string;
  clientCert: string;
  clientCertPassword: SecretPlace | null;
  unixSocket: string;
  compression: boolean;
}

/** What is wrong, by field; the words come from the dictionary. */
export type Wrong = 'retry' | 'maxEvent' | 'outage' | 'name' | 'nameTaken' | 'url' | 'authName' | 'headers' | 'refreshUrl' | 'pointer' | 'parameter' | 'idle' | 'clientId' | 'pins' | 'template' | 'secretHeaders' | WrongPlace;
export type Faults = Partial<Record<'retryS' | 'maxEventKiB' | 'outageS' | 'name' | 'url' | 'authName' | 'headers' | 'refreshUrl' | 'refreshTokenPointer' | 'resumePointer' | 'resumeParameter' | 'idleTimeoutS' | 'tokenUrl' | 'deviceUrl' | 'clientId' | 'pins' | 'authPlace' | 'authTemplate' | 'secretHeaders' | 'clientSecret' | 'clientCertPassword', Wrong>>;

export function emptyDraft(): Draft {
  return {
    name: '',
    url: '',
    enabled: true,
    authKind: 'none',
    authName: '',
    authSource: 'keyring',
    authPlace: '',
    authTemplate: '',
    refreshUrl: '',
    refreshTokenPointer: '/token',
    headers: '',
    secretHeaders: [],
    idleTimeoutS: '90',
    resumeFrom: 'id',
    resumePointer: '',
    resumeSend: 'header',
    resumeParameter: '',
    store: 'all',
    oauth2: noOAuth2(),
    connection: { pins: '', clientCert: '', clientCertPassword: null, unixSocket: '', compression: false },
    request: emptyRequest(),
    preset: null,
    written: null,
  };
}

export function toDraft(stream: StreamForm, before?: Draft): Draft {
  return {
    name: stream.name,
    url: stream.url,
    enabled: stream.enabled,
    authKind: stream.auth.kind,
    authName: stream.auth.name,
    authSource: stream.auth.source,
    authPlace: stream.auth.place,
    authTemplate: stream.auth.template,
    refreshUrl: stream.refreshUrl,
    refreshTokenPointer: stream.refreshTokenPointer || '/token',
    headers: stream.headers.map(([name, value]) => `${name}: ${value}`).join('\n'),
    secretHeaders: toSecretHeaders(stream.secretHeaders, before?.secretHeaders),
    idleTimeoutS: String(stream.idleTimeoutS),
    resumeFrom: stream.resume.from,
    resumePointer: stream.resume.pointer,
    resumeSend: stream.resume.send,
    resumeParameter: stream.resume.parameter,
    store: stream.store,
    oauth2: { ...stream.oauth2 },
    connection: {
      pins: stream.connection.pinSha256.join('\n'),
      clientCert: stream.connection.clientCert,
      clientCertPassword: stream.connection.clientCertPassword,
      unixSocket: stream.connection.unixSocket,
      compression: stream.connection.compression,
    },
    request: toRequestDraft(stream.request),
    preset: stream.preset ?? null,
    written: stream.written ?? null,
  };
}

/** The stream a draft stands for; fields that do not apply are empty. */
export function toStream(draft: Draft): StreamForm {
  // OAuth 2 has a way of its own to a new token.
  const refreshUrl = draft.authKind === 'oauth2' ? '' : draft.refreshUrl.trim();
  return {
    name: draft.name.trim(),
    url: draft.url.trim(),
    enabled: draft.enabled,
    auth: {
      kind: draft.authKind,
      name: wantsName(draft.authKind) ? draft.authName.trim() : '',
      source: draft.authKind === 'none' ? 'keyring' : draft.authSource,
      place: draft.authKind === 'none' || draft.authSource === 'keyring' ? '' : draft.authPlace.trim(),
      template: draft.authKind === 'query' ? draft.authTemplate.trim() : '',
    },
    refreshUrl,
    refreshTokenPointer: refreshUrl ? draft.refreshTokenPointer.trim() : '',
    headers: lines(draft.headers).map((line) => header(line) ?? [line, '']),
    secretHeaders: fromSecretHeaders(draft.secretHeaders),
    idleTimeoutS: Number(draft.idleTimeoutS),
    resume: {
      from: draft.resumeFrom,
      pointer: draft.resumeFrom === 'pointer' ? draft.resumePointer.trim() : '',
      send: draft.resumeFrom === 'none' ? 'none' : draft.resumeSend,
      parameter: draft.resumeFrom !== 'none' && draft.resumeSend === 'query' ? draft.resumeParameter.trim() : '',
    },
    store: draft.store,
    oauth2: draft.authKind === 'oauth2' ? oauth2Of(draft.oauth2) : noOAuth2(),
    connection: {
      pinSha256: lines(draft.connection.pins),
      clientCert: draft.connection.clientCert.trim(),
      clientCertPassword: draft.connection.clientCert.trim() && draft.connection.clientCertPassword ? tidy(draft.connection.clientCertPassword) : null,
      unixSocket: draft.connection.unixSocket.trim(),
      compression: draft.connection.compression,
    },
    request: toRequest(draft.request),
    ...(draft.preset ? { preset: draft.preset } : {}),
    ...(draft.written !== null ? { written: draft.written } : {}),
  };
}

/** What keeps a draft from being saved; `taken` are the names of the other streams. */
export function faults(draft: Draft, taken: readonly string[]): Faults {
  const found: Faults = {};
  const name = draft.name.trim();
  if (!name) found.name = 'name';
  else if (taken.includes(name)) found.name = 'nameTaken';
  if (!isWebLink(draft.url.trim())) found.url = 'url';
  if (wantsName(draft.authKind) && !draft.authName.trim()) found.authName = 'authName';
  if (draft.refreshUrl.trim() && !isWebLink(draft.refreshUrl.trim())) found.refreshUrl = 'refreshUrl';
  if (draft.refreshUrl.trim() && !draft.refreshTokenPointer.trim().startsWith('/')) found.refreshTokenPointer = 'pointer';
  if (lines(draft.headers).some((line) => !header(line))) found.headers = 'headers';
  if (!/^\d{1,9}$/.test(draft.idleTimeoutS.trim())) found.idleTimeoutS = 'idle';
  if (draft.resumeFrom === 'pointer' && !draft.resumePointer.trim().startsWith('/')) found.resumePointer = 'pointer';
  if (draft.resumeFrom !== 'none' && draft.resumeSend === 'query' && !draft.resumeParameter.trim()) found.resumeParameter = 'parameter';
  if (draft.authKind === 'oauth2') {
    const { grant, tokenUrl, deviceUrl, clientId } = draft.oauth2;
    if (!isWebLink(tokenUrl.trim())) found.tokenUrl = 'url';
    if (grant === 'device' && !isWebLink(deviceUrl.trim())) found.deviceUrl = 'url';
    if (!clientId.trim()) found.clientId = 'clientId';
  }
  if (!lines(draft.connection.pins).every((pin) => /^[\da-f]{64}$/i.test(pin.replaceAll(/[: ]/g, '')))) found.pins = 'pins';
  const place = draft.authKind === 'none' ? null : placeFault({ source: draft.authSource, place: draft.authPlace });
  if (place) found.authPlace = place;
  if (draft.authKind === 'query' && draft.authTemplate.trim() && draft.authTemplate.split('{secret}').length !== 2) found.authTemplate = 'template';
  const plain = lines(draft.headers).map((line) => header(line)?.[0] ?? '');
  if (!found.headers && headersFault(draft.secretHeaders, plain)) found.secretHeaders = 'secretHeaders';
  const clientSecret = draft.authKind === 'oauth2' ? placeFault(draft.oauth2.clientSecret) : null;
  if (clientSecret) found.clientSecret = clientSecret;
  const password = draft.connection.clientCert.trim() ? placeFault(draft.connection.clientCertPassword) : null;
  if (password) found.clientCertPassword = password;
  return { ...found, ...requestFaults(draft.request) };
}

/** Whether a kind of sign-in has a name beside its secret. */
export function wantsName(kind: AuthKind): boolean {
  return kind === 'basic' || kind === 'header' || kind === 'query' || kind === 'cookie';
}

/** Whether the form asks for a secret: only the keyring can be filled from here. */
export function wantsSecret(draft: Draft): boolean {
  const byCode = draft.authKind === 'oauth2' && draft.oauth2.grant === 'device';
  return draft.authKind !== 'none' && !byCode && draft.authSource === 'keyring';
}

function noOAuth2(): OAuth2Form {
  return { grant: 'device', tokenUrl: '', deviceUrl: '', clientId: '', scope: '', audience: '', inBody: false, clientSecret: null };
}

/** Whether the main secret of a stream is in the keyring: the one that is typed anew where the server refuses it. */
export function typesSecret({ auth }: StreamForm): boolean {
  return auth.kind !== 'none' && auth.source === 'keyring';
}

function oauth2Of({ grant, tokenUrl, deviceUrl, clientId, scope, audience, inBody, clientSecret }: OAuth2Form): OAuth2Form {
  return {
    grant,
    tokenUrl: tokenUrl.trim(),
    deviceUrl: grant === 'device' ? deviceUrl.trim() : '',
    clientId: clientId.trim(),
    scope: scope.trim(),
    audience: audience.trim(),
    inBody,
    // There the client's secret is the main one.
    clientSecret: grant !== 'client-credentials' && clientSecret ? tidy(clientSecret) : null,
  };
}

function lines(text: string): string[] {
  return text.split('\n').map((line) => line.trim()).filter(Boolean);
}

function header(line: string): [string, string] | null {
  const found = /^([!#$%&'*+.^_`|~\w-]+)\s*:\s*(.+)$/.exec(line);
  return found?.[1] && found[2] ? [found[1], found[2]] : null;
}
