/** Words in Simplified Chinese: import and export. */
import type { Words } from '../en';
import { number } from './plural';

export const exchange: Words['exchange'] = {
  exportTitle: '导出',
  exportText: '与你的配置文件写法完全一致，包括注释。其中没有任何令牌或密码。',
  kindsLabel: '导出哪些',
  kinds: { stream: '流', rule: '规则', tile: '磁贴' },
  kind: { stream: '流', rule: '规则', tile: '磁贴' },
  all: '全选',
  noneOf: '全不选',
  allOf: (which, kind) => `${kind}：${which}`,
  exported: '导出的文本',
  download: '存为文件',
  savedAs: (path) => `已保存为 ${path}`,
  notSaved: '文件无法保存，请改为复制文本。',
  importTitle: '导入',
  importText: '粘贴别人给你的流、规则或磁贴。',
  file: '选择文件',
  tooLong: '太长了：最多 1 MB。',
  nothing: '其中没有流、规则或磁贴。',
  would: (n) => (n ? `将添加 ${number(n)} 项，你已有的内容不会改变。` : '其中没有新内容。'),
  done: (n) => `已添加 ${number(n)} 项。`,
  fates: { added: '新增', present: '已存在', clash: '略过：已有同名项' },
  reaching: '会启动程序、读取本机的密钥，或连接本机的套接字',
  asks: '添加之前，会就标出的每一项询问你。',
  apply: (n) => (n ? `添加 ${number(n)} 项` : '添加'),
};
