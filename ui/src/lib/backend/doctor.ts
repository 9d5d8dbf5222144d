/** What the fake resident finds: the market is well, anything else is buffered. */
import type { DoctorReport, StreamForm } from '../protocol';

export function diagnosisOf({ name, url }: StreamForm): DoctorReport {
  const healthy = name === 'market';
  const figures: DoctorReport['figures'] = {
    status: 200, http: '1.1', headerMs: healthy ? 34 : 6210, firstByteMs: healthy ? 36 : 6211, watchedMs: 15_000, connections: 1,
    events: healthy ? 30 : 41, eventsPerSecond: healthy ? 2 : 2.7, heartbeatS: healthy ? 5 : null, longestSilenceS: healthy ? 0.6 : 6.2,
    ids: healthy ? 'all' : 'none', resume: healthy ? 'works' : 'not-tried', retryMs: 3000, certificateDays: 71, clockS: 0.2,
  };
  if (healthy) return { url, verdict: 'healthy', summary: { en: 'This stream is well.', zh: '这个流一切正常。' }, findings: [], figures, servers: ['nginx 1.22.1'], notes: [] };
  return {
    url, verdict: 'findings', summary: {
      en: 'nginx, or what is behind it, holds events back: they come late and in clumps; and 1 thing may go wrong.',
      zh: 'nginx 或它后面的环节扣留了事件：来得晚，而且成堆；另有 1 处隐患。',
    }, figures, servers: ['nginx 1.22.1'],
    findings: [
      {
        code: 'buffered', weight: 'problem', certainty: 'certain',
        title: { en: 'nginx, or what is behind it, holds events back: they come late and in clumps', zh: 'nginx 或它后面的环节扣留了事件：来得晚，而且成堆' },
        evidence: {
          en: '2 clumps of about 4.1 kB and 20 events each, with up to 6.2 s of silence between them: each ended in the middle of a line, as a full buffer does.',
          zh: '2 堆，每堆约 4.1 kB、20 个事件，其间静默最长 6.2 秒：每堆都断在一行中间，像缓冲区满了那样。',
        },
        numbers: { clumps: 2, events: 20, bytes: 4096, silence_s: 6.2 },
        mends: [{ product: 'nginx', words: { en: 'in the location of the stream; then nginx -s reload', zh: '写在流的 location 里；然后运行 nginx -s reload' }, paste: 'proxy_buffering off;\nproxy_cache off;\nproxy_read_timeout 1h;' }],
      },
      {
        code: 'no-ids', weight: 'risk', certainty: 'certain',
        title: { en: 'Events have no ids, so none that is missed can be sent again', zh: '事件没有 id，错过的无法补发' },
        evidence: { en: 'None of 41 events has one.', zh: '41 个事件都没有 id。' },
        numbers: { events: 41 }, mends: [{ product: '', words: { en: 'number them, and after a new connection send what comes after the request\'s Last-Event-ID', zh: '请给事件编号，重新连接后从请求的 Last-Event-ID 之后开始发送' }, paste: 'id: 42\ndata: …' }],
      },
    ],
    notes: [{
      en: 'If it drops every minute or so: 15 s are too short to see that, watch for 3 minutes (--for 3m).',
      zh: '如果它每分钟左右断一次：15 秒太短看不出来，请观察 3 分钟（--for 3m）。',
    }],
  };
}
