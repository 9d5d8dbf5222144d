/** Words in Simplified Chinese: the first start. */
import type { Words } from '../en';

export const first: Words['first'] = {
  title: 'Streambell 让你的事件流保持连接，并在重要的事情发生时告诉你。',
  demo: '试用演示',
  demoText: '在本机运行的小型行情：实时数值、提醒和通知，都在单独的窗口里。不会留下任何数据。',
  demoStarted: '演示会在单独的窗口中打开。看够了，在那里关闭即可。',
  demoFailed: (reason) => `演示没有启动：${reason} 在终端中可以这样启动：`,
  copy: '复制',
  copied: '已复制',
  add: '添加流',
  addText: '你需要一个 Server-Sent Events 流的地址；如果它要求令牌，也请准备好。',
};
