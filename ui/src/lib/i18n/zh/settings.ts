import type { Words } from '../en';

export const settings: Words['settings'] = {
  title: '设置',
  language: '语言',
  languages: { system: '跟随系统', en: 'English', zh: '简体中文' },
  theme: '外观',
  themes: { system: '跟随系统', light: '浅色', dark: '深色' },
  rise: '上涨显示为',
  rises: { green: '绿色', red: '红色' },
  riseExample: '示例',
  notifications: '通知',
  notificationsOn: '已开启',
  quietHours: '免打扰时段',
  silences: '静默',
  about: '关于',
  version: (version) => `Streambell ${version}`,
  process: (pid) => `进程 ${pid}`,
};
