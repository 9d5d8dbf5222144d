/** Names of events that are known although none was seen yet: what rules, tiles and alerts name. Pure. */
import type { AlertView, Configuration } from './protocol';

/** What a tile listens to where its entry does not say. */
const OF_TILES = 'price-update';

/** Those of one stream, or of all. A pattern is no name. */
export function namedEvents(configuration: Configuration | null, alerts: readonly AlertView[], stream: string | null): string[] {
  const of = (one: string | null) => stream === null || one === null || one === stream;
  const rules = (configuration?.rules ?? []).filter((rule) => of(rule.stream)).flatMap(({ events }) => events.filter((event) => !/[*?[\]{}\\]/.test(event)));
  const tiles = (configuration?.tiles ?? []).filter((tile) => of(tile.stream)).map(({ event }) => event ?? OF_TILES);
  // An alert of something that did not come may have no name.
  const told = alerts.filter((alert) => of(alert.stream)).map(({ event }) => event).filter(Boolean);
  return [...new Set([...rules, ...tiles, ...told])];
}
