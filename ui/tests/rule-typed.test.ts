/** What is typed into a rule's form: what means something is saved, and what means nothing is marked and saved by nobody. */
import { configure, fireEvent, render, screen, waitFor } from '@testing-library/svelte';
import { beforeEach, expect, test } from 'vitest';

import App from '../src/App.svelte';
import { ruleView } from '../src/lib/backend/edits';
import type { Answer, FieldForm, RuleForm } from '../src/lib/protocol';
import { emptyRule, emptyTrigger } from '../src/lib/rule-draft';
import { RuleEditing } from '../src/lib/rule-editing.svelte';
import { countOf, fieldsOf, slipsOf, typedOf } from '../src/lib/rule-typed';
import { aConfiguration, anEvent, aSnapshot, ScriptedBackend } from './support';

// What is typed is tried once the typing rests; on a busy machine that takes its time.
configure({ asyncUtilTimeout: 5000 });
beforeEach(() => localStorage.setItem('streambell.preferences', '{"language":"en"}'));

const edited = (): Answer => ({ answer: 'edited', value: { undo: 7 } });
const preview = (): Answer => ({ answer: 'preview', value: { text: '', faults: [], events: [], absences: [], shown: 0, tried: 0, cut: false } });
const crossing: RuleForm = emptyRule('Line', { events: ['price-update'], trigger: { trigger: 'crosses', value: '/price', side: 'above', threshold: 5, rearm: 4 } });
const fielded: RuleForm = emptyRule('Field', { fields: [{ pointer: '/symbol', tests: ['BTC'] }] });

async function open(form: RuleForm | null, answers: ConstructorParameters<typeof ScriptedBackend>[0] = {}) {
  const backend = new ScriptedBackend({
    configuration: () => ({ answer: 'configuration', value: aConfiguration({ rules: form ? [ruleView(form)] : [] }) }), 'save-rule': edited, 'preview-rule': preview, 'rule-counts': () => ({ answer: 'rule-counts', value: [] }), ...answers,
  });
  render(App, { props: { backend } });
  await waitFor(() => expect(backend.hearer).toBeDefined());
  backend.hearer?.link({ link: 'connected' });
  backend.hearer?.push({ push: 'snapshot', value: aSnapshot() });
  await fireEvent.click(screen.getByTestId('nav-rules'));
  await fireEvent.click(form ? (await screen.findAllByTestId('rule-open'))[0]! : await screen.findByTestId('rule-add'));
  await screen.findByTestId('rule-editor');
  return backend;
}
const field = (testid: string) => screen.getByTestId<HTMLInputElement>(testid);
const type = (testid: string, value: string) => fireEvent.input(field(testid), { target: { value } });
const saveByKey = (testid: string) => fireEvent.keyDown(field(testid), { key: 's', ctrlKey: true });
const saved = (backend: ScriptedBackend) => backend.of('save-rule').map(({ draft }) => draft.value as RuleForm);

test('a line of 70,000 is saved as seventy thousand, and its field shows what was typed', async () => {
  const backend = await open(crossing);
  await type('rule-threshold', '70,000');
  await type('rule-rearm', '69,000.5');
  expect([field('rule-threshold').value, field('rule-rearm').value]).toEqual(['70,000', '69,000.5']);
  await fireEvent.click(screen.getByTestId('rule-save'));
  await waitFor(() => expect(saved(backend)).toMatchObject([{ trigger: { threshold: 70_000, rearm: 69_000.5 } }]));
});

test.each([['rule-threshold', ''], ['rule-threshold', 'abc'], ['rule-threshold', '70,5'], ['rule-rearm', 'abc']])('%s with “%s” is marked at its field, and nothing is saved until it is mended', async (testid, text) => {
  const backend = await open(crossing);
  await type(testid, text);
  expect(field(testid).value).toBe(text);
  expect(field(testid).getAttribute('aria-invalid')).toBe('true');
  expect(screen.getByText('This must be a number, such as 70000 or 70,000.5.')).toBeDefined();
  expect(screen.getByTestId('preview-summary').textContent).toContain('Mend what is marked');
  await fireEvent.click(screen.getByTestId('rule-save'));
  await saveByKey(testid);
  await waitFor(() => expect(document.activeElement).toBe(field(testid)));
  expect(saved(backend)).toEqual([]);
  await type(testid, '7');
  expect(field(testid).getAttribute('aria-invalid')).toBe('false');
  await fireEvent.click(screen.getByTestId('rule-save'));
  await waitFor(() => expect(saved(backend)).toHaveLength(1));
});

test('an emptied way back means the line itself', async () => {
  const backend = await open(crossing);
  await type('rule-rearm', '');
  await saveByKey('rule-rearm');
  await waitFor(() => expect(saved(backend)).toMatchObject([{ trigger: { threshold: 5, rearm: null } }]));
});

test.each([['rule-contains', 'disk full', { text: ['disk full'] }], ['rule-contains', 'one\n two \n', { text: ['one', 'two'] }]])('what is typed into %s is tried at once, and saved with the field still in use', async (testid, text, meant) => {
  const backend = await open(null);
  await type(testid, text);
  expect(field(testid).value, 'it stays as it was typed').toBe(text);
  await waitFor(() => expect(backend.of('preview-rule').at(-1)?.draft.value).toMatchObject(meant));
  await saveByKey(testid);
  await waitFor(() => expect(saved(backend)).toMatchObject([meant]));
});

test('in a rule that is there, what is being typed is enough to save it', async () => {
  const backend = await open(fielded);
  await type('rule-field-pointer', 'ticker');
  await saveByKey('rule-field-pointer');
  await waitFor(() => expect(saved(backend)).toMatchObject([{ fields: [{ pointer: '/ticker', tests: ['BTC'] }] }]));
});

test('a condition without a value is told of once it was left, and nothing is saved while it stands', async () => {
  const backend = await open(fielded);
  const wrong = () => screen.getByTestId('rule-field-wrong').textContent;
  field('rule-field-value').focus();
  await type('rule-field-value', '');
  expect(wrong()).toBe('');
  await saveByKey('rule-field-value');
  await waitFor(() => expect(wrong()).toContain('Say what it must be'));
  expect(field('rule-field-value').getAttribute('aria-invalid')).toBe('true');
  expect(saved(backend)).toEqual([]);
  await type('rule-field-value', 'ETH');
  expect(wrong()).toBe('');
  await type('rule-field-pointer', ' ');
  expect(wrong()).toContain('Say which field is meant');
  await type('rule-field-pointer', '/symbol');
  await saveByKey('rule-field-value');
  await waitFor(() => expect(saved(backend)).toMatchObject([{ fields: [{ pointer: '/symbol', tests: ['ETH'] }] }]));
});

test('whoever leaves a condition that is not whole sees so, also when coming back to the form', async () => {
  await open(fielded);
  field('rule-field-value').focus();
  await type('rule-field-value', ' , ');
  field('rule-name').focus();
  await waitFor(() => expect(screen.getByTestId('rule-field-wrong').textContent).toContain('Say what it must be'));
  await fireEvent.click(screen.getByTestId('nav-streams'));
  await fireEvent.click(screen.getByTestId('nav-rules'));
  await screen.findByTestId('rule-editor');
  expect(field('rule-field-value').value).toBe(' , ');
  expect(screen.getByTestId('rule-field-wrong').textContent).toContain('Say what it must be');
});

const row = (pointer: string, comparison: 'is' | '!=' | '>', value: string) => ({ pointer, comparison, value });

test('rows mean what was typed, or are at fault; only one that is blank is nothing', () => {
  const written: FieldForm = { pointer: '/x', tests: ['> 1', '< 0'] };
  const rows = [row('price', '>', '70,000'), row('/a', 'is', '""'), row('/b', '!=', '""'), row('', 'is', ''), written, row('/c', 'is', ' ,'), row('', 'is', '1'), row('/d', '>', 'much'), row('/e', '!=', '')];
  const slips = slipsOf({ threshold: '', rearm: '', rows }, emptyRule());
  expect(slips).toEqual({ threshold: null, rearm: null, rows: [null, null, null, null, null, 'value', 'field', 'number', 'value'] });
  expect(countOf(slips)).toBe(4);
  expect(fieldsOf(rows)).toEqual([{ pointer: '/price', tests: ['> 70000'] }, { pointer: '/a', tests: [''] }, { pointer: '/b', tests: ['!='] }, written]);
});

test('what stands in a form that nobody touched means what is in the file', () => {
  for (const tests of [['> 100'], ['!='], ['!= ""'], [''], ['BTC', 'ETH']]) {
    const typed = typedOf(emptyRule('', { fields: [{ pointer: '/a', tests }] }));
    expect(countOf(slipsOf(typed, emptyRule())), JSON.stringify(tests)).toBe(0);
    expect(fieldsOf(typed.rows)).toEqual([{ pointer: '/a', tests }]);
  }
});

test('another way to ring, and a rule that only ignores, ask for no number', () => {
  const editing = new RuleEditing(new ScriptedBackend(), () => 'Rule', crossing, [], 'Line', '');
  editing.type({ threshold: 'abc' });
  expect([countOf(editing.slips), editing.changed]).toEqual([1, true]);
  editing.ignore(true);
  expect(countOf(editing.slips)).toBe(0);
  editing.ignore(false);
  expect([countOf(editing.slips), editing.typed.threshold]).toEqual([0, '5']);
  editing.type({ threshold: 'abc' });
  editing.ring(emptyTrigger('each'));
  expect(countOf(editing.slips)).toBe(0);
});

test('what means nothing yet is kept over the window’s end, and still not saved', async () => {
  const backend = new ScriptedBackend({ 'save-rule': edited });
  const editing = new RuleEditing(backend, () => 'Rule', fielded, [], 'Field', '');
  editing.type({ rows: [row('/symbol', 'is', '')] });
  const again = new RuleEditing(backend, () => 'Rule', fielded, [], 'Field', '');
  again.resume(JSON.parse(JSON.stringify(editing.kept)));
  expect(again.typed.rows).toEqual([row('/symbol', 'is', '')]);
  expect(await again.save()).toBeNull();
  await again.turn('text');
  await again.test();
  expect([again.mode, backend.asked]).toEqual(['form', []]);
});

test('a condition that is added has the focus, and offers the fields and the values that came', async () => {
  const event = (seq: number, state: string) => ({ seq, atMs: 1, stream: 'home', event: 'door', data: JSON.stringify({ door: 'front', state }), verdict: 'unmatched' as const, stoppedBy: null, checks: [], alert: null });
  await open(emptyRule('Door', { events: ['door'] }), {
    history: () => ({ answer: 'history', value: [anEvent(1, { stream: 'home', event: 'door', data: '{"door":"front","state":"open"}' })] }),
    'preview-rule': () => ({ answer: 'preview', value: { text: '', faults: [], events: [event(1, 'open'), event(2, 'closed'), event(3, 'open'), event(4, 'a,b*')], absences: [], shown: 0, tried: 4, cut: false } }),
  });
  const offered = (testid: string) => [...document.getElementById(field(testid).getAttribute('list')!)!.children].map((one) => (one as HTMLOptionElement).value);
  await waitFor(() => expect(screen.getByTestId('preview-summary').textContent).toContain('Of the last 4 events'));
  await fireEvent.click(screen.getByTestId('rule-add-field'));
  await waitFor(() => expect(document.activeElement).toBe(field('rule-field-pointer')));
  await waitFor(() => expect(offered('rule-field-pointer')).toEqual(['/door', '/state']));
  expect(field('rule-field-pointer').placeholder).toBe('/door');
  await type('rule-field-pointer', 'state');
  await waitFor(() => expect(offered('rule-field-value')).toEqual(['open', 'closed', 'a\\,b\\*']));
  expect(field('rule-field-value').placeholder).toBe('open');
});
