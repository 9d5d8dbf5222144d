/** The rules and tiles that are made along with a stream. */
import { askFor, Refusal, type Backend } from './backend';
import { plain } from './i18n/text';
import type { RuleForm, Text, TileGuess, WatchedName } from './protocol';
import { free, suggestRule } from './rule-draft';

/** What is wanted for a stream. */
export interface Wanted {
  /** Rules and tiles that a preset suggests, as they are written. */
  readonly ruleTexts: readonly string[];
  readonly tileTexts: readonly string[];
  /** Names of events that shall ring. */
  readonly rings: readonly WatchedName[];
  /** Names of events that shall feed tiles, with what these show. */
  readonly tiles: readonly (readonly [string, TileGuess])[];
}

/** What was made of it. */
export interface Made {
  readonly rules: number;
  readonly tiles: number;
  /** Why something of it could not be made; null where all was. */
  readonly trouble: Text | null;
  /** The numbers to undo it by, in order. */
  readonly edits: readonly number[];
}

/** Makes what is wanted for the stream of that name. What cannot be made keeps nothing else from it. */
export async function makeAlong(backend: Backend, stream: string, wanted: Wanted, takenRules: readonly string[]): Promise<Made> {
  const taken = [...takenRules];
  const made = { rules: 0, tiles: 0, trouble: null as Text | null, edits: [] as number[] };
  const attempt = async (what: 'rules' | 'tiles', act: () => Promise<number>) => {
    try {
      made.edits.push(await act());
      made[what] += 1;
    } catch (thrown) {
      made.trouble ??= Refusal.from(thrown).text;
    }
  };
  for (const text of wanted.ruleTexts) await attempt('rules', () => saveRuleText(backend, text, stream, taken));
  for (const text of wanted.tileTexts) await attempt('tiles', () => importTile(backend, text, stream));
  for (const { name, sample } of wanted.rings) {
    const rule = suggestRule(stream, name, sample, taken);
    taken.push(rule.name);
    await attempt('rules', () => saveRule(backend, rule));
  }
  for (const [event, { key, value }] of wanted.tiles) {
    const tile = { stream, event, key, value, change: null, unit: null, label: null };
    await attempt('tiles', async () => (await askFor(backend, 'edited', { call: 'save-tile', original: null, tile })).undo);
  }
  return made;
}

/** Saves a rule; the number to undo it by. */
async function saveRule(backend: Backend, rule: RuleForm): Promise<number> {
  const { undo } = await askFor(backend, 'edited', { call: 'save-rule', original: null, base: null, draft: { draft: 'form', value: rule } });
  return undo;
}

/** Saves a suggested rule for the stream as it is called now, under a name that is not `taken` and then is. */
async function saveRuleText(backend: Backend, text: string, stream: string, taken: string[]): Promise<number> {
  const { form, faults } = await askFor(backend, 'rule-text', { call: 'rule-text', original: null, base: null, draft: { draft: 'text', value: text } });
  if (!form) throw new Refusal('invalid', faults[0]?.message ?? plain(''));
  const rule = { ...form, name: free(form.name, taken), streams: form.streams.length ? [stream] : [] };
  const edit = await saveRule(backend, rule);
  taken.push(rule.name);
  return edit;
}

/** Adds a suggested tile for the stream as it is called now; the number to undo it by. */
async function importTile(backend: Backend, text: string, stream: string): Promise<number> {
  const own = text.replace(/^stream\s*=.*$/m, `stream = ${JSON.stringify(stream)}`);
  const { faults, undo } = await askFor(backend, 'imported', { call: 'import', text: `version = 1\n\n${own}`, apply: true });
  if (undo === undefined || undo === null) throw new Refusal('invalid', faults[0]?.message ?? plain(''));
  return undo;
}
