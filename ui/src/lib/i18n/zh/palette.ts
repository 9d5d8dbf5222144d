/** Words in Simplified Chinese: the command palette. */
import type { Words } from '../en';

export const palette: Words['palette'] = {
  title: '查找一切',
  placeholder: '操作、视图、流、规则、设置…',
  results: '查找结果',
  none: '没有叫这个名字的内容。',
  goTo: '转到视图',
  resume: '恢复通知',
  copyDiagnosis: '复制诊断信息',
  diagnosisCopied: '诊断信息（英文）已复制到剪贴板，其中没有任何密钥。',
  diagnosisNotCopied: '无法复制诊断信息。可以在“设置”中查看。',
  reconnect: (stream) => `立即连接“${stream}”`,
  signIn: (stream) => `登录“${stream}”`,
  edit: (stream) => `编辑“${stream}”`,
  diagnose: (stream) => `诊断“${stream}”`,
  silenceStream: (stream) => `静默“${stream}”，直到我结束`,
  hearStream: (stream) => `结束“${stream}”的静默`,
  feedOf: (stream) => `“${stream}”的事件`,
  chartOf: (key) => `${key} 的图表`,
  turnStreamOff: (stream) => `关闭流“${stream}”`,
  turnStreamOn: (stream) => `开启流“${stream}”`,
  silenceRule: (rule) => `将规则“${rule}”静默 1 小时`,
  hearRule: (rule) => `结束规则“${rule}”的静默`,
  turnOff: (rule) => `关闭规则“${rule}”`,
  turnOn: (rule) => `开启规则“${rule}”`,
  kinds: { view: '视图', action: '操作', stream: '流', rule: '规则', value: '实时数值', alert: '未读提醒', setting: '设置' },
};
