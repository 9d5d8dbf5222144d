/** Commands for each rule, and for each tile that is configured. */
import { tileTitle } from '../rule-sentence';
import { things, type Thing, type Things, type Verb } from '../things';
import { lengths, type Live } from './page';

interface Placed extends Thing {
  /** Where it stands, from 0. */
  readonly place: number;
}

export function rules(page: Live): Things {
  const { dashboard, actions, locale, snapshot } = page;
  const t = locale.words;
  const p = t.palette;
  const all = (dashboard.rules.list ?? []).map(({ name, events, enabled, form }, place) => ({ id: name, name, also: events.join(' '), enabled, form, place }));
  type Rule = (typeof all)[number];
  const tells = ({ form }: Rule) => !form.ignore;
  // A rule’s silence has an end.
  const silences = lengths(page, '').filter(([, seconds]) => seconds !== null).map(([id, seconds, word]): Verb<Rule> => ({
    id: `silence-rule-${id}`,
    say: (name) => t.named(p.silenceRule(name), word),
    can: tells,
    run: ({ name }) => actions.silenceRule(name, seconds ?? undefined),
  }));
  return things('rule', all, [
    { id: 'rule', say: (name) => name, run: ({ name }) => dashboard.editRule(name) },
    { id: 'turn-rule', say: p.turnOn, can: ({ enabled }) => !enabled, run: ({ name }) => void actions.turnRule(name, true) },
    { id: 'turn-rule', say: p.turnOff, can: ({ enabled }) => enabled, run: ({ name }) => void actions.turnRule(name, false) },
    { id: 'test-rule', say: p.testRule, can: tells, run: ({ name }) => actions.testRule(name) },
    { id: 'hear-rule', say: p.hearRule, can: ({ name }) => snapshot.silences.length > 0 && actions.silentRule(name) !== null, run: ({ name }) => actions.endSilence(actions.silentRule(name), t.alerts.silencing.rule(name)) },
    ...silences,
    ...moves(all.length, p.ruleUp, p.ruleDown, 'rule', (rule: Rule, to) => void actions.moveRule(rule.name, to)),
    { id: 'remove-rule', say: p.removeRule, run: ({ name }) => void actions.removeRule(name) },
  ]);
}

export function tiles({ dashboard, actions, locale }: Live): Things {
  const p = locale.words.palette;
  const all = dashboard.tileForms.list.map((tile, place) => ({ tile, id: String(place), name: tileTitle(tile, locale.words), also: [tile.stream, tile.event].join(' '), place }));
  type Tile = (typeof all)[number];
  return things('tile', all, [
    { id: 'tile', say: p.editTile, run: ({ tile }) => dashboard.editTile(tile) },
    ...moves(all.length, p.tileUp, p.tileDown, 'tile', ({ tile }: Tile, to) => void actions.moveTile(tile, to)),
    { id: 'remove-tile', say: p.removeTile, run: ({ tile }) => void actions.removeTile(tile) },
  ]);
}

/** One place up, one place down, among so many. */
function moves<T extends Placed>(of: number, up: Verb<T>['say'], down: Verb<T>['say'], id: string, move: (thing: T, to: number) => void): Verb<T>[] {
  return [
    { id: `${id}-up`, say: up, can: ({ place }) => place > 0, run: (thing) => move(thing, thing.place - 1) },
    { id: `${id}-down`, say: down, can: ({ place }) => place < of - 1, run: (thing) => move(thing, thing.place + 1) },
  ];
}
