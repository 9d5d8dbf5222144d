/** Words in English: the command palette. */
import type { Kind } from '../../palette';

export const palette = {
  title: 'Find anything',
  placeholder: 'An action, a view, a stream, a rule, a setting…',
  results: 'What was found',
  none: 'Nothing is called that.',
  goTo: 'Go to view',
  resume: 'Resume notifications',
  copyDiagnosis: 'Copy a diagnosis',
  diagnosisCopied: 'The diagnosis is on the clipboard. No secret is in it.',
  diagnosisNotCopied: 'The diagnosis could not be copied. It stands under Settings.',
  reconnect: (stream: string) => `Connect “${stream}” now`,
  signIn: (stream: string) => `Sign in to “${stream}”`,
  edit: (stream: string) => `Edit “${stream}”`,
  diagnose: (stream: string) => `Diagnose “${stream}”`,
  silenceStream: (stream: string) => `Silence “${stream}” until I end it`,
  hearStream: (stream: string) => `End the silence of “${stream}”`,
  feedOf: (stream: string) => `Events of “${stream}”`,
  chartOf: (key: string) => `Chart of ${key}`,
  turnStreamOff: (stream: string) => `Switch stream “${stream}” off`,
  turnStreamOn: (stream: string) => `Switch stream “${stream}” on`,
  silenceRule: (rule: string) => `Silence rule “${rule}” for 1 h`,
  hearRule: (rule: string) => `End the silence of rule “${rule}”`,
  turnOff: (rule: string) => `Switch rule “${rule}” off`,
  turnOn: (rule: string) => `Switch rule “${rule}” on`,
  kinds: { view: 'View', action: 'Action', stream: 'Stream', rule: 'Rule', value: 'Live value', alert: 'Unread alert', setting: 'Setting' } satisfies Record<Kind, string>,
};
