/** What a rule would have shown of what came last. Pure. */
import type { PreviewAlert, PreviewEvent, PreviewReport } from './protocol';

/** An alert that there would be, with its event; without one where it is told that none came. */
export interface WouldBe {
  readonly alert: PreviewAlert;
  readonly event: PreviewEvent | null;
}

/** Whether there would be some, and each of them only stored. */
export function onlyStored(alerts: readonly WouldBe[]): boolean {
  return alerts.length > 0 && alerts.every(({ alert }) => alert.urgency === 'none');
}

/** The newest first. */
export function wouldBe(preview: PreviewReport | null): WouldBe[] {
  if (!preview) return [];
  const rang = preview.events.flatMap((event) => (event.alert ? [{ alert: event.alert, event }] : []));
  return [...preview.absences.map((alert) => ({ alert, event: null })), ...rang].sort((one, other) => other.alert.atMs - one.alert.atMs);
}
