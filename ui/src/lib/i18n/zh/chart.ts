/** Words in Simplified Chinese: a tile's chart. */
import type { Words } from '../en';
import { number } from './plural';

export const chart: Words['chart'] = {
  range: '时间范围',
  ranges: { '5m': '5 分', '30m': '30 分', '1h': '1 时', '6h': '6 时', '1d': '1 天', '7d': '7 天', '30d': '30 天' },
  unzoom: '显示整个范围',
  edit: '编辑磁贴',
  close: '关闭图表',
  low: '最低',
  high: '最高',
  change: '变化',
  label: (key, range, low, high) => `${key}，${range}内：最低 ${low}，最高 ${high}。`,
  zoomedLabel: (key, span, low, high) => `${key}，${span}：最低 ${low}，最高 ${high}。`,
  alert: (title, n) => `提醒：${title}${n - 1 ? `，另有 ${number(n - 1)} 条` : ''}`,
  alerts: (n) => `图上标有 ${number(n)} 条提醒。`,
  moreAlerts: (n) => `只标出最新的 ${number(n)} 条提醒`,
  keys: '方向键沿曲线移动，+ 和 − 缩放，Page Up 和 Page Down 前后移动。',
  unconnected: (length) => `未连接 ${length}`,
  thinned: (length) => `每 ${length}一个点`,
  thinnedHint: '每个点代表这段时间内的事件；阴影表示其中的最低值和最高值。',
  sampled: '事件太多，此图由抽样绘制',
  reading: '正在读取历史…',
  failed: '无法读取历史。',
  again: '重试',
  none: '这段时间内没有数据。',
  noneText: '可以试试更长的范围。只有已保存的事件才会画出来。',
  noNumber: '这不是数字。',
  noNumberText: '只有数字才能画成曲线。',
};
