/** Words in Simplified Chinese: signing in with a code. */
import type { Words } from '../en';

export const signIn: Words['signIn'] = {
  start: '登录',
  asking: '正在请求代码…',
  type: '打开网页并输入此代码：',
  open: '打开网页',
  copy: '复制代码',
  cancel: '取消',
  left: (time) => `还剩 ${time}`,
  again: '重试',
  dismiss: '关闭',
};
