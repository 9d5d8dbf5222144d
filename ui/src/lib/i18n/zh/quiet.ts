import type { Words } from '../en';

export const quiet: Words['quiet'] = {
  everyDay: '每天',
  days: ['周一', '周二', '周三', '周四', '周五', '周六', '周日'],
  list: (...parts) => parts.join('、'),
  noHours: '无。可在 config.toml 的 [quiet_hours] 中设置。',
  noSilences: '无。可从某条提醒中静默它的规则。',
  stream: '流',
  rule: '规则',
  group: '分组',
  until: (time) => `到 ${time}`,
  untilResumed: '直到你结束',
  end: '结束',
  endSilence: (about) => `结束静默：${about}`,
  resumeStream: (stream) => `重新显示 ${stream} 的通知`,
  muteStream: '静音',
  unmuteStream: '取消静音',
  muteStreamHint: '提醒照常保存和列出，但不作为通知显示。',
};
