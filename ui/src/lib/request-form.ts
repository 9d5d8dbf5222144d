/** How a stream is asked for and read, between its fields and the form the resident takes. Pure. */
import type { RequestForm } from './protocol';

/** What stands in the fields; of events to ignore one stands on each line. */
export interface RequestDraft extends Omit<RequestForm, 'retryMs' | 'ignore' | 'maxEvent' | 'outage'> {
  retryS: string;
  ignore: string;
  maxEventKiB: string;
  outage: 'usual' | 'off' | 'after';
  outageS: string;
}

const KIB = 1024;
const USUAL_OUTAGE_S = '120';

export function emptyRequest(): RequestDraft {
  return {
    method: 'GET', body: '', retryS: '3', ignore: '', redirects: true, maxEventKiB: '16384', strict: false, http1: false, insecure: false, notify: true,
    caCert: '', proxy: '', outage: 'usual', outageS: USUAL_OUTAGE_S,
  };
}

export function toRequestDraft({ retryMs, ignore, maxEvent, outage, ...rest }: RequestForm): RequestDraft {
  return {
    ...rest,
    retryS: String(retryMs / 1000),
    ignore: ignore.join('\n'),
    maxEventKiB: String(maxEvent / KIB),
    outage: outage?.outage ?? 'usual',
    outageS: outage?.outage === 'after' ? String(outage.seconds) : USUAL_OUTAGE_S,
  };
}

export function toRequest({ retryS, ignore, maxEventKiB, outage, outageS, ...rest }: RequestDraft): RequestForm {
  return {
    ...rest,
    caCert: rest.caCert.trim(),
    proxy: rest.proxy.trim(),
    retryMs: Math.round(Number(retryS) * 1000),
    ignore: ignore.split('\n').map((line) => line.trim()).filter(Boolean),
    maxEvent: Math.round(Number(maxEventKiB) * KIB),
    outage: outage === 'usual' ? null : outage === 'off' ? { outage } : { outage, seconds: Number(outageS) },
  };
}

/** What keeps it from being saved. */
export function requestFaults(draft: RequestDraft): { retryS?: 'retry'; maxEventKiB?: 'maxEvent'; outageS?: 'outage' } {
  return {
    ...(within(draft.retryS, 0, 3600) ? {} : { retryS: 'retry' as const }),
    ...(within(draft.maxEventKiB, 1, 262_144) ? {} : { maxEventKiB: 'maxEvent' as const }),
    ...(draft.outage !== 'after' || (within(draft.outageS, 1, 604_800) && Number.isInteger(Number(draft.outageS))) ? {} : { outageS: 'outage' as const }),
  };
}

function within(text: string, least: number, most: number): boolean {
  const number = Number(text);
  return text.trim() !== '' && number >= least && number <= most;
}
