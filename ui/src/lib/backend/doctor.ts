/** What the fake resident finds: the market is well, anything else is buffered. */
import type { DoctorReport, StreamForm } from '../protocol';

export function diagnosisOf({ name, url }: StreamForm): DoctorReport {
  const healthy = name === 'market';
  const figures: DoctorReport['figures'] = {
    status: 200, http: '1.1', headerMs: healthy ? 34 : 6210, firstByteMs: healthy ? 36 : 6211, watchedMs: 15_000, connections: 1,
    events: healthy ? 30 : 41, eventsPerSecond: healthy ? 2 : 2.7, heartbeatS: healthy ? 5 : null, longestSilenceS: healthy ? 0.6 : 6.2,
    ids: healthy ? 'all' : 'none', resume: healthy ? 'works' : 'not-tried', retryMs: 3000, certificateDays: 71, clockS: 0.2,
  };
  if (healthy) return { url, verdict: 'healthy', summary: 'This stream is well.', findings: [], figures, servers: ['nginx 1.22.1'], notes: [] };
  return {
    url, verdict: 'findings', summary: 'Events are held back on the way, and 1 thing may go wrong.', figures, servers: ['nginx 1.22.1'],
    findings: [
      {
        code: 'buffered', weight: 'problem', title: 'Something between here and the server holds events back', certainty: 'certain',
        evidence: 'Events came in 2 clumps of 4.1 kB and 20 events with 6.2 s of silence between them, and each clump ended in the middle of an event.',
        numbers: { clumps: 2, events: 20, bytes: 4096, silence_s: 6.2 },
        mends: [{ product: 'nginx', words: 'In the location of the stream, turn buffering off.', paste: 'proxy_buffering off;\nproxy_cache off;\nproxy_read_timeout 1h;' }],
      },
      {
        code: 'no-ids', weight: 'risk', title: 'Events have no ids', certainty: 'certain', evidence: 'None of 41 events had an id, so none that is missed can be sent again.',
        numbers: { events: 41 }, mends: [{ product: '', words: 'Give each event an id, and send what comes after the id in the request\'s Last-Event-ID.', paste: 'id: 42\ndata: …' }],
      },
    ],
    notes: ['15 s do not show what cuts a stream each minute: watch longer.'],
  };
}
