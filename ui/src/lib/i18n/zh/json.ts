/** Words in Simplified Chinese: JSON shown as a tree. */
import type { Words } from '../en';
import { number } from './plural';

export const json: Words['json'] = {
  fold: '折叠或展开',
  copyData: '复制数据',
  copyValue: '复制值',
  copyPointer: '复制指针',
  copiedValue: '已复制',
  copiedPointer: '已复制指针',
  pointerHint: '这个值所在的位置；规则和磁贴用这个指针找到它。',
  whole: '选择一个值，查看它的指针。',
  open: '打开',
  nothing: '它没有携带数据。',
  more: (n, characters) => (characters ? `显示更多（还有 ${number(n)} 个字符）` : `显示更多（还有 ${number(n)} 项）`),
};
