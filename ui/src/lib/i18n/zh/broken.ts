/** Words in Simplified Chinese: a view, or the window, that has stopped. */
import type { Words } from '../en';

export const broken: Words['broken'] = {
  file: '磁盘上的配置没有生效。',
  fileText: '改好并保存文件后，Streambell 会立即采用。',
  title: '此视图已停止工作。',
  text: '它内部出了错。你的流、提醒和通知不受影响：没有这个窗口，Streambell 也照常运行。',
  again: '重试',
  window: '此窗口已停止工作。',
  reload: '重新加载',
  copy: '复制报告',
  over: '无法显示，其余部分照常。',
  report: '报告内容',
};
