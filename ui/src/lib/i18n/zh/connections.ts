/** Words in Simplified Chinese: a stream's uptime and connections. */
import type { Words } from '../en';
import { number } from './plural';

export const connections: Words['connections'] = {
  show: '连接记录',
  title: (stream) => `“${stream}”的连接`,
  share: (share) => `最近 24 小时 ${share}`,
  shareSince: (share, time) => `自 ${time} 起 ${share}`,
  colours: { up: '绿色，已连接', partly: '棕色，有中断', down: '红色，未连接', unknown: '灰色，没有记录' },
  unknown: '最近 24 小时没有记录',
  none: '还没有连接。',
  openFor: (length) => `保持 ${length}`,
  tries: (n) => `尝试 ${number(n)} 次`,
  events: (n) => `${number(n)} 个事件`,
  header: (ms) => `响应头 ${number(ms)} 毫秒`,
  firstByte: (ms) => `首字节 ${number(ms)} 毫秒`,
  causes: {
    open: '已连接',
    'end-of-stream': '服务器结束',
    network: '网络',
    tls: 'TLS 加密',
    idle: '沉默过久',
    status: '被拒绝',
    'no-content': '永久结束',
    'content-type': '不是事件流',
    redirect: '重定向',
    unauthorized: '登录',
    'bad-url': '地址',
    offline: '无网络',
    reconnect: '重新连接',
    stopped: '在此停止',
    killed: 'Streambell 被终止',
  },
};
