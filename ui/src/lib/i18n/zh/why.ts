/** Words in Simplified Chinese: why an alert was shown or not. */
import type { Words } from '../en';
import { and } from './plural';

export const why: Words['why'] = {
  title: '为什么？',
  waits: {
    turn: (time) => `正在排队，最迟 ${time} 显示：短时间内太多，或将合并通知。`,
    desktop: () => '刚刚交给桌面显示。',
    daemon: (_time, message) => `正在等待通知服务：${message}`,
  },
  none: '没有规则可以判断：事件本身没有保存，或者提醒的原因正是事件没有到来。',
  changed: (...rules) => `事件到来时的判断不同（规则后来有改动，或当时记得更多）：${and(...rules)}`,
  holds: '成立',
  fails: '不成立',
  stoppedBy: (rule) => `没有询问：规则“${rule}”已拦下这类事件`,
  verdicts: {
    off: '已关闭',
    muted: '不看这个流',
    stopped: '没有询问：前面的规则已拦下这类事件',
    ignored: '忽略：不产生提醒，也不再询问之后的规则',
    unmatched: '不匹配',
    quiet: '匹配，但没有要提醒的',
    fired: '触发',
    resolved: '所提醒的情况已经恢复',
    failed: '无法判断',
  },
};
