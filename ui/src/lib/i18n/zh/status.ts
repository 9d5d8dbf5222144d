/** Words in Simplified Chinese: the status line and the states of streams. */
import type { Words } from '../en';
import { number } from './plural';

export const status: Words['status'] = {
  connecting: '正在寻找 Streambell…',
  lost: '未连接。这里显示的是最后已知的状态。',
  allLive: (n) => `${number(n)} 个流已连接`,
  noStreams: '还没有流',
  allOff: '所有流都已关闭',
  allEnded: '所有流都已结束',
  some: (live, off, ended) => [live ? `${number(live)} 个流已连接` : '', off ? `${number(off)} 个已关闭` : '', ended ? `${number(ended)} 个已结束` : ''].filter(Boolean).join('，'),
  nextTry: (stream, left, reason) => `${stream}：${left}后重试${reason ? `（${reason}）` : ''}`,
  tryingNow: (stream) => `${stream}：正在重试`,
  connectingTo: (stream) => `${stream}：正在连接`,
  refreshing: (stream) => `${stream}：正在获取新令牌`,
  signIn: (stream, reason) => `${stream}：${reason || '服务器需要新的令牌，请重新登录。'}`,
  signInByCode: (stream) => `${stream} 需要你登录`,
  ended: (stream, reason) => `${stream} 已结束${reason ? `：${reason}` : ''}`,
  offline: '没有网络。恢复后流会自动重新连接。',
  offlineFor: (left) => `没有网络。${left}后重试，网络恢复后会立即重试。`,
  quiet: (stream, since) => `${stream} 已连接，但自 ${since} 起异常安静`,
  ledger: (reason) => `无法保存事件：${reason}`,
  notifications: (reason) => `无法显示通知：${reason}`,
  configuration: (reason) => `磁盘上的配置没有生效：${reason}`,
  pausedUntil: (time) => `通知已暂停至 ${time}`,
  paused: '通知已暂停，直到你恢复',
  more: (n) => `另有 ${number(n)} 项`,
  others: '其他问题',
  tryNow: '立即重试',
  signInAction: '登录',
  demo: '演示',
};
