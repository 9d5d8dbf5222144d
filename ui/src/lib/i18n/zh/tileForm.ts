/** Words in Simplified Chinese: a tile's form. */
import type { Words } from '../en';
import { number } from './plural';

export const tileForm: Words['tileForm'] = {
  add: '添加磁贴',
  addShort: '磁贴',
  edit: '编辑磁贴',
  explain: '磁贴在“当前”视图中显示实时数值，每个出现的键一块。',
  empty: '还没有磁贴。',
  emptyText: '磁贴显示事件带来的数值及其走势，例如价格或温度。',
  title: (value, key) => (key ? `${value}，每个 ${key} 一块` : value),
  from: (event, stream) => `${event} · ${stream}`,
  event: '事件',
  value: '数值',
  valueHint: '含有数字的字段。',
  key: '按此分块',
  keyHint: '说明数值属于谁的字段，例如代码或传感器。',
  change: '变动百分比',
  changeHint: '仅当服务器会发送时填写。留空则以当天的首个数值为基准。',
  unit: '单位',
  unitHint: '显示在数字后面，例如 °C、% 或 W。',
  label: '标签',
  labelHint: '说明数值是什么，例如“温度”：显示在键旁边，没有键时代替事件名称。',
  wrong: {
    slash: '字段以“/”开头，例如 /price。',
    tilde: '字段里的 ~ 要写成 ~0，名称里的 / 要写成 ~1。',
    longUnit: '单位最多 12 个字符。',
    longLabel: '标签最多 60 个字符。',
  },
  sample: '最近一个这样的事件',
  saved: '已保存磁贴',
  removed: '已移除磁贴',
  moved: (place, of) => `磁贴现在排在第 ${number(place)} 位，共 ${number(of)} 块`,
};
