/** How a stream is asked for and read, between its fields and the form the resident takes. Pure. */
import type { RequestForm } from './protocol';

/** What stands in the fields; of events to ignore, and of servers to trust, one stands on each line. */
export interface RequestDraft extends Omit<RequestForm, 'retryMs' | 'ignore' | 'trust' | 'maxEvent' | 'outage'> {
  retryS: string;
  ignore: string;
  trust: string;
  maxEventKiB: string;
  outage: 'usual' | 'off' | 'after';
  outageS: string;
}

const KIB = 1024;
const USUAL_OUTAGE_S = '120';

export function emptyRequest(): RequestDraft {
  return {
    method: 'GET', body: '', retryS: '3', ignore: '', redirects: true, trust: '', maxEventKiB: '16384', strict: false, http1: false, insecure: false, notify: true,
    caCert: '', proxy: '', outage: 'usual', outageS: USUAL_OUTAGE_S,
  };
}

export function toRequestDraft({ retryMs, ignore, trust, maxEvent, outage, ...rest }: RequestForm): RequestDraft {
  return {
    ...rest,
    retryS: String(retryMs / 1000),
    ignore: ignore.join('\n'),
    trust: trust.join('\n'),
    maxEventKiB: String(maxEvent / KIB),
    outage: outage?.outage ?? 'usual',
    outageS: outage?.outage === 'after' ? String(outage.seconds) : USUAL_OUTAGE_S,
  };
}

export function toRequest({ retryS, ignore, trust, maxEventKiB, outage, outageS, ...rest }: RequestDraft): RequestForm {
  return {
    ...rest,
    caCert: rest.caCert.trim(),
    proxy: rest.proxy.trim(),
    retryMs: Math.round(Number(retryS) * 1000),
    ignore: lines(ignore),
    trust: rest.redirects ? lines(trust) : [],
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

function lines(text: string): string[] {
  return text.split('\n').map((line) => line.trim()).filter(Boolean);
}

function within(text: string, least: number, most: number): boolean {
  const number = Number(text);
  return text.trim() !== '' && number >= least && number <= most;
}
