/** A rule as the rows of its form and back. */
import { expect, test } from 'vitest';

import { en } from '../src/lib/i18n/en';
import { zh } from '../src/lib/i18n/zh';
import { ruleView } from '../src/lib/backend/edits';
import type { RuleForm } from '../src/lib/protocol';
import { emptyRule, emptyTrigger, free, placesOf, suggestRule, toField, toRow } from '../src/lib/rule-draft';
import { sentence } from '../src/lib/rule-sentence';

const says = (part: Partial<RuleForm>, words = en) => sentence(ruleView(emptyRule('R', { streams: ['market'], events: ['price-update'], ...part })), words);

test('a field survives the way into its row and back', () => {
  for (const tests of [['BTC'], ['BTC', 'ETH*'], ['> 100'], ['<= -3.5'], ['!= closed'], [3], [true, 'yes'], ['3'], [''], ['007'], ['70,000', 'BTC'], ['a, b']]) {
    const row = toRow({ pointer: '/a', tests });
    expect(row, JSON.stringify(tests)).not.toBeNull();
    expect(toField(row!)).toEqual({ pointer: '/a', tests });
  }
});

test('what a row cannot say is left as it is written', () => {
  expect(toRow({ pointer: '/a', tests: ['> 1', '< 0'] })).toBeNull();
  expect(toRow({ pointer: '/a', tests: ['say "a"'] })).toBeNull();
  expect(toRow({ pointer: '/a', tests: ['BTC', '> 1'] })).toBeNull();
});

test('the fields of an event are found with pointer and path, whatever they are called', () => {
  expect(placesOf('{"symbol":"BTC","a b":{"x/y":[1,null]},"deep":{"b":true}}')).toEqual([
    { pointer: '/symbol', path: 'data.symbol', value: 'BTC' },
    { pointer: '/a b/x~1y/0', path: 'data["a b"]["x/y"][0]', value: '1' },
    { pointer: '/a b/x~1y/1', path: 'data["a b"]["x/y"][1]', value: 'null' },
    { pointer: '/deep/b', path: 'data.deep.b', value: 'true' },
  ]);
  expect(placesOf('no JSON')).toEqual([]);
  expect(placesOf('7')).toEqual([]);
  expect(placesOf(JSON.stringify(Object.fromEntries(Array.from({ length: 500 }, (_, at) => [`k${at}`, at]))))).toHaveLength(40);
});

test('a suggested rule is about one event name and takes no other rule’s name', () => {
  const rule = suggestRule('market', 'market-alert', '{"symbol":"BTC","message":"fell"}', ['market: market-alert']);
  expect(rule).toMatchObject({ name: 'market: market-alert 2', streams: ['market'], events: ['market-alert'], title: '{{ data.symbol }}', body: '{{ data.message }}' });
  expect(suggestRule('market', 'a*', '', [])).toMatchObject({ events: ['a\\*'] });
  expect(suggestRule('market', 'x', 'plain text', [])).toMatchObject({ title: null, body: null });
  expect(suggestRule('market', 'x'.repeat(200), '', []).name.length).toBeLessThanOrEqual(60);
  expect(free('a', ['a', 'a 2'])).toBe('a 3');
});

test('a rule says what it does in one sentence', () => {
  expect(says({})).toBe('Rings on “price-update” from market.');
  expect(says({ urgency: 'critical', fields: [{ pointer: '/symbol', tests: ['BTC', 'ETH'] }, { pointer: '/price', tests: ['> 100'] }] })).toBe(
    'Rings loudly on “price-update” from market with symbol BTC or ETH and price over 100, even in quiet hours.',
  );
  expect(says({ trigger: { trigger: 'crosses', value: '/price', side: 'above', threshold: 70000, rearm: null } })).toBe(
    'Rings when price gets above 70000 in “price-update” from market.',
  );
  expect(says({ trigger: { trigger: 'change', value: '/price', by: '-3%', within: '1h', rearm: null } })).toBe('Rings when price falls 3% within 1h in “price-update” from market.');
  expect(says({ streams: [], events: ['backup-done'], trigger: { trigger: 'expect-by', by: '03:30', from: null, days: [0, 4], timeZone: null } })).toBe(
    'Rings when “backup-done” has not come by 03:30 (Mon and Fri).',
  );
  expect(says({ streams: [], events: [], urgency: 'none', text: ['disk full'] })).toBe('Only takes note on any event with the text “disk full”; shows nothing.');
  for (const form of [{ ignore: true }, { stop: true, urgency: 'none' }]) expect(says(form)).toBe('Ignores “price-update” from market: no later rule sees it.');
  expect(says({ resolves: ['Backup failed'] })).toBe('Clears alerts of “Backup failed” on “price-update” from market.');
});

test('a value that would read as several stands in quotes, in every language', () => {
  const fields = [{ pointer: '/price', tests: ['70,000', 'BTC'] }, { pointer: '/size', tests: ['000', 70] }, { pointer: '/place', tests: ['!= a, b'] }];
  expect(says({ fields })).toContain('price “70,000” or BTC, size “000” or 70');
  expect(says({ fields }, zh)).toContain('price 为 “70,000”或为 BTC，且size 为 “000”或为 70，且place 不为 “a, b”');
});

test('quotes hold a value together only where they are round all of it', () => {
  const tests = (value: string) => toField({ pointer: '/size', comparison: 'is', value }).tests;
  expect(tests('"70,000", BTC')).toEqual(['70,000', 'BTC']);
  expect(tests('5", 6"')).toEqual(['5"', '6"']);
});

test('every kind of trigger has its sentence in every language', () => {
  for (const words of [en, zh]) {
    for (const kind of ['each', 'crosses', 'change', 'expect-within', 'expect-by'] as const) {
      expect(says({ trigger: emptyTrigger(kind, '/price') }, words)).toMatch(words === en ? /^Rings .+\.$/ : /提醒。$/);
    }
  }
});
