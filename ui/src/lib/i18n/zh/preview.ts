/** Words in Simplified Chinese: a rule's live preview. */
import type { Words } from '../en';
import { number } from './plural';

export const preview: Words['preview'] = {
  title: '它会显示什么',
  peek: (rang, events) => (events ? `${number(events)} 个中会响 ${number(rang)} 次` : `会响 ${number(rang)} 次`),
  peekFaults: (n) => `有 ${number(n)} 处要改`,
  looking: '正在用最近的事件试验…',
  faulty: '改好标出的地方，就会重新试验。',
  none: '还没有保存过这样的事件，无法试验。',
  summary: (events, rang, shown) => `最近 ${number(events)} 个事件中${rang ? `会响铃 ${number(rang)} 次，合为 ${number(shown)} 条通知` : '都不会响铃'}。`,
  ignored: (events, ignored) => `最近 ${number(events)} 个事件中${ignored ? `会忽略 ${number(ignored)} 个` : '一个也不会忽略'}。`,
  peekIgnored: (ignored, events) => `${number(events)} 个中会忽略 ${number(ignored)} 个`,
  stoppedBy: (rule) => `前面的规则“${rule}”把它拦下了。`,
  absences: (n) => `因为没有收到事件，会响铃 ${number(n)} 次。`,
  cut: '时间不够，没有全部看完。',
  show: '显示内容',
  rang: (n) => `会响铃（${number(n)}）`,
  silent: (n) => `不会（${number(n)}）`,
  nothing: '没有。',
  nothingCame: '没有收到',
  notShown: (reason) => `不显示：${reason}`,
  failed: (condition, value) => `不满足 ${condition}：${value}`,
  verdicts: {
    off: '规则已关闭。',
    muted: '它的流不经过任何规则。',
    stopped: '前面的规则把它拦下了。',
    ignored: '符合条件，会被忽略。',
    unmatched: '不符合条件。',
    quiet: '符合条件，但还不到响铃的时候。',
    fired: '会响铃。',
    resolved: '会消除之前的提醒。',
    failed: '规则无法对它求值。',
  },
};
