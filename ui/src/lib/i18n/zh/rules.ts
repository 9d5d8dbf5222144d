import type { Words } from '../en';

export const rules: Words['rules'] = {
  off: '已关闭',
  title: '规则',
  edited: '规则在配置文件中编辑，保存后立即生效。',
  copyPath: '复制路径',
  anyStream: '所有流',
  always: '总是',
  name: '规则',
  stream: '流',
  events: '事件',
  when: '条件',
  urgency: '紧急程度',
  empty: '还没有规则。',
  emptyText: '没有规则，就没有事件会成为提醒。在配置文件中添加 [[rule]]：',
};
