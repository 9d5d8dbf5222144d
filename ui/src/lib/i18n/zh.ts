/** 简体中文。 */
import type { Words } from './en';
import { adding } from './zh/adding';
import { advanced } from './zh/advanced';
import { alerts } from './zh/alerts';
import { broken } from './zh/broken';
import { chart } from './zh/chart';
import { connections } from './zh/connections';
import { diagnosis } from './zh/diagnosis';
import { exchange } from './zh/exchange';
import { feed } from './zh/feed';
import { first } from './zh/first';
import { form } from './zh/form';
import { json } from './zh/json';
import { now } from './zh/now';
import { palette } from './zh/palette';
import { and, number, or } from './zh/plural';
import { preview } from './zh/preview';
import { quiet } from './zh/quiet';
import { request } from './zh/request';
import { ruleForm } from './zh/ruleForm';
import { rules } from './zh/rules';
import { settings } from './zh/settings';
import { shortcuts } from './zh/shortcuts';
import { signIn } from './zh/signIn';
import { status } from './zh/status';
import { streams } from './zh/streams';
import { tileForm } from './zh/tileForm';
import { why } from './zh/why';

export const zh: Words = {
  sentences: (...said) => said.filter(Boolean).join(''),
  nav: { label: '视图', now: '当前', alerts: '提醒', feed: '事件', streams: '流', rules: '规则', settings: '设置' },
  time: {
    justNow: '刚刚',
    milliseconds: (n) => `${number(n)} 毫秒`,
    seconds: (n) => `${number(n)} 秒`,
    minutes: (n) => `${number(n)} 分钟`,
    hours: (n) => `${number(n)} 小时`,
    ago: (length) => `${length}前`,
    never: '从未',
  },
  status,
  state: {
    idle: '未启动',
    connecting: '连接中',
    open: '已连接',
    waiting: '等待重试',
    offline: '没有网络',
    refreshing: '获取令牌',
    'needs-sign-in': '需要登录',
    ended: '已结束',
    paused: '已关闭',
  },
  pause: {
    button: '暂停',
    label: '暂停通知',
    quarter: '15 分钟',
    hour: '1 小时',
    untilTomorrow: '到明天 8:00',
    untilResumed: '直到我恢复',
    own: '其他时长…',
    resume: '恢复',
    explain: '事件和提醒照常保存。',
  },
  lost: {
    title: '与 Streambell 的连接断开了。',
    detail: 'Streambell 重新运行后会自动恢复。',
    goodbye: 'Streambell 已退出。',
    why: (why) => `（${why}）`,
  },
  first,
  now,
  chart,
  alerts,
  quiet,
  why,
  feed,
  json,
  streams,
  connections,
  signIn,
  form,
  request,
  advanced,
  rules,
  ruleForm,
  preview,
  tileForm,
  exchange,
  adding,
  diagnosis,
  broken,
  settings,
  palette,
  shortcuts,
  notice: { undo: '撤销', dismiss: '关闭', undone: (text) => `已撤销：${text}`, late: '这已经不能撤销了。' },
  and,
  or,
  named: (name, what) => `${name}：${what}`,
  back: '返回',
  close: '关闭',
};
