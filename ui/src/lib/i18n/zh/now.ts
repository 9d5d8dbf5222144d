import type { Words } from '../en';

export const now: Words['now'] = {
  title: '当前',
  tiles: '实时数值',
  unread: '未读提醒',
  feed: '事件',
  noTiles: '当 config.toml 中的 [[tile]] 匹配到事件时，实时数值会出现在这里。',
  noUnread: '没有未读提醒。',
  noUnreadText: '规则触发时，提醒会在这里等你。',
  since: (time) => `自 ${time}`,
  unchanged: '持平',
  rising: '上涨',
  falling: '下跌',
  all: '查看全部',
};
