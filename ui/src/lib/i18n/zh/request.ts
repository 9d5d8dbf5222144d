/** Words in Simplified Chinese: how a stream asks its server. */
import type { Words } from '../en';

export const request: Words['request'] = {
  method: '请求方法',
  body: '请求正文',
  bodyHint: '每次连接时一并发送。',
  retry: '重新连接前等待的秒数',
  retryHint: '以服务器自己给出的时间为准；连续失败时会等得更久。',
  outage: '没有连接时告诉我',
  outages: { usual: '与所有流相同', off: '从不', after: '使用单独的时间' },
  outageAfter: '没有连接的秒数',
  ignore: '不影响续传位置的事件',
  ignoreHint: '名称或模式，每行一个，用于带有虚构 id 的心跳。',
  maxEvent: '最大事件（KiB，千字节）',
  maxEventHint: '更大的事件会被跳过，流继续进行。',
  caCert: '额外信任的证书',
  caCertHint: 'PEM 文件的路径，例如公司的证书。',
  proxy: '代理',
  proxyHint: '留空则用系统的代理。',
  notify: '规则会查看它的事件',
  redirects: '跟随指向其他服务器的重定向',
  http1: '只用 HTTP/1.1 协议',
  strict: '按标准处理：除 200 以外的应答都会结束它',
  insecure: '允许凭据以明文 http 发往其他机器',
};
