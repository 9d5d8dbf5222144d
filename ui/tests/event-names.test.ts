/** Names of events that are known before one was seen. */
import { expect, test } from 'vitest';

import { namedEvents } from '../src/lib/event-names';
import { emptyRule } from '../src/lib/rule-draft';
import { plain } from '../src/lib/i18n/text';
import type { RuleView } from '../src/lib/protocol';
import { aConfiguration, anAlert } from './support';

const rule = (stream: string | null, events: string[]): RuleView =>
  ({ name: 'R', stream, events, when: plain(''), enabled: true, urgency: 'normal', form: emptyRule('R'), text: '' });

test('rules, tiles and alerts name events, patterns do not', () => {
  const tile = { stream: 'market', event: null, key: null, value: null, change: null, unit: null, label: null };
  const configuration = aConfiguration({ rules: [rule('market', ['market-alert', 'price-*']), rule('backup', ['done']), rule(null, ['any'])], tiles: [tile] });
  const alerts = [anAlert(1, { event: 'seen' }), anAlert(2, { stream: 'backup', event: 'late' }), anAlert(3, { event: '' })];
  expect(namedEvents(configuration, alerts, null)).toEqual(['market-alert', 'done', 'any', 'price-update', 'seen', 'late']);
  expect(namedEvents(configuration, alerts, 'market')).toEqual(['market-alert', 'any', 'price-update', 'seen']);
  expect(namedEvents(null, [], null)).toEqual([]);
});
