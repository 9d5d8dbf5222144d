/** A stream between the form a person fills in and the one the resident takes. Pure. */
import { isWebLink } from './backend';
import type { AuthKind, OAuth2Form, PresetChoice, ResumeFrom, ResumeSend, SecretSource, StoreForm, StreamForm } from './protocol';
import { emptyRequest, requestFaults, toRequest, toRequestDraft, type RequestDraft } from './request-form';

/** What stands in the fields. The secret is not among them: it lives in its input only, and never in a state. */
export interface Draft {
  name: string;
  url: string;
  enabled: boolean;
  authKind: AuthKind;
  authName: string;
  authSource: SecretSource;
  refreshUrl: string;
  refreshTokenPointer: string;
  headers: string;
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
}

/** The way to the server; of pins one stands on each line. */
interface ConnectionDraft {
  pins: string;
  clientCert: string;
  unixSocket: string;
  compression: boolean;
}

/** What is wrong, by field; the words come from the dictionary. */
export type Wrong = 'retry' | 'maxEvent' | 'outage' | 'name' | 'nameTaken' | 'url' | 'authName' | 'headers' | 'refreshUrl' | 'pointer' | 'parameter' | 'idle' | 'clientId' | 'pins';
export type Faults = Partial<Record<'retryS' | 'maxEventKiB' | 'outageS' | 'name' | 'url' | 'authName' | 'headers' | 'refreshUrl' | 'refreshTokenPointer' | 'resumePointer' | 'resumeParameter' | 'idleTimeoutS' | 'tokenUrl' | 'deviceUrl' | 'clientId' | 'pins', Wrong>>;

export function emptyDraft(): Draft {
  return {
    name: '',
    url: '',
    enabled: true,
    authKind: 'none',
    authName: '',
    authSource: 'keyring',
    refreshUrl: '',
    refreshTokenPointer: '/token',
    headers: '',
    idleTimeoutS: '90',
    resumeFrom: 'id',
    resumePointer: '',
    resumeSend: 'header',
    resumeParameter: '',
    store: 'all',
    oauth2: noOAuth2(),
    connection: { pins: '', clientCert: '', unixSocket: '', compression: false },
    request: emptyRequest(),
    preset: null,
  };
}

export function toDraft(stream: StreamForm): Draft {
  return {
    name: stream.name,
    url: stream.url,
    enabled: stream.enabled,
    authKind: stream.auth.kind,
    authName: stream.auth.name,
    authSource: stream.auth.source,
    refreshUrl: stream.refreshUrl,
    refreshTokenPointer: stream.refreshTokenPointer || '/token',
    headers: stream.headers.map(([name, value]) => `${name}: ${value}`).join('\n'),
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
      unixSocket: stream.connection.unixSocket,
      compression: stream.connection.compression,
    },
    request: toRequestDraft(stream.request),
    preset: stream.preset ?? null,
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
    },
    refreshUrl,
    refreshTokenPointer: refreshUrl ? draft.refreshTokenPointer.trim() : '',
    headers: lines(draft.headers).map((line) => header(line) ?? [line, '']),
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
      unixSocket: draft.connection.unixSocket.trim(),
      compression: draft.connection.compression,
    },
    request: toRequest(draft.request),
    ...(draft.preset ? { preset: draft.preset } : {}),
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
  return { grant: 'device', tokenUrl: '', deviceUrl: '', clientId: '', scope: '' };
}

/** Whether a secret of the stream can be in the keyring. */
export function keepsSecret({ auth }: StreamForm): boolean {
  return auth.kind !== 'none' && auth.source === 'keyring';
}

function oauth2Of({ grant, tokenUrl, deviceUrl, clientId, scope }: OAuth2Form): OAuth2Form {
  const device = grant === 'device' ? deviceUrl.trim() : '';
  return { grant, tokenUrl: tokenUrl.trim(), deviceUrl: device, clientId: clientId.trim(), scope: scope.trim() };
}

function lines(text: string): string[] {
  return text.split('\n').map((line) => line.trim()).filter(Boolean);
}

function header(line: string): [string, string] | null {
  const found = /^([!#$%&'*+.^_`|~\w-]+)\s*:\s*(.+)$/.exec(line);
  return found?.[1] && found[2] ? [found[1], found[2]] : null;
}
