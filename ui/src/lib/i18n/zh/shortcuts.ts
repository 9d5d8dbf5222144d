/** Words in Simplified Chinese: the list of keyboard shortcuts. */
import type { Words } from '../en';

export const shortcuts: Words['shortcuts'] = {
  title: '键盘快捷键',
  short: '快捷键',
  everywhere: '任何位置',
  lists: '列表中',
  chart: '图表中',
  close: '关闭当前打开的内容',
  save: '保存当前打开的内容',
  moveRule: '上移或下移规则或磁贴',
  move: '上一条、下一条',
  page: '上一页、下一页',
  ends: '第一条、最后一条',
  nextTile: '在数值之间移动',
  openChart: '打开或关闭图表',
  moveTile: '移动该数值',
  cursor: '沿曲线移动',
  cursorFar: '一次移动十个点',
  zoom: '放大、缩小',
  pan: '向前、向后移动时间',
  nextHour: '在小时之间移动',
  paintHour: '切换免打扰',
  paintOn: '把下一格设成和这一格一样',
};
