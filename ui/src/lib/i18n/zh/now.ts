/** Words in Simplified Chinese: the first view, its tiles and its short lists. */
import type { Words } from '../en';
import { number } from './plural';

export const now: Words['now'] = {
  title: '当前',
  tiles: '实时数值',
  unread: '未读提醒',
  feed: '事件',
  noTiles: '还没有实时数值。',
  noTilesText: '磁贴显示事件的最新数值。可以在这里添加，也可以在“事件”中的一条事件上“创建磁贴”。',
  leftOut: (shown, more) => `显示了 ${number(shown)} 个数值；另外 ${more < 1000 ? number(more) : `至少 ${number(1000)}`} 个没有磁贴。缩小磁贴的数据来源即可看到它们。`,
  sinceOpen: '相对于今天的首个值，或以服务器给出的为准',
  order: '实时数值的排列方式',
  orders: { hand: '手动', name: '按名称', change: '按涨跌' },
  movedTo: (key, place, of) => `${key} 现在排在第 ${number(place)} 位，共 ${number(of)} 个`,
  newest: (n, all) => (n < all ? `最新 ${number(n)} 条，共 ${number(all)} 条` : ''),
  reading: '正在寻找 Streambell…',
  noUnread: '没有未读提醒。',
  noUnreadText: '规则触发时，提醒会在这里等你。',
  since: (time) => `自 ${time}`,
  unchanged: '持平',
  rising: '上涨',
  falling: '下跌',
  all: '查看全部',
};
