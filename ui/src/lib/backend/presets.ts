/** Presets that the fake resident has: two of those that the real one knows. */
import { Refusal } from '../backend';
import { plain } from '../i18n/text';
import { emptyDraft, toStream } from '../form';
import type { AuthForm, FilledPreset, PresetChoice, PresetField, PresetView, StreamForm, Text } from '../protocol';

interface Recipe {
  key: string;
  name: Text;
  help: Text;
  docs: string;
  fields: PresetField[];
  auth: AuthForm[];
  stream: (value: (key: string) => string) => Partial<StreamForm>;
  rule: string;
}

const RECIPES: Recipe[] = [
  {
    key: 'ntfy',
    name: plain('ntfy'),
    help: {
      en: 'Whoever knows the name of a topic on ntfy.sh can read it: choose one that nobody guesses, or protect it with an access token.',
      zh: '知道 ntfy.sh 上主题名称的人都能读取它：请选一个别人猜不到的名称，或用访问令牌保护它。',
    },
    docs: 'https://docs.ntfy.sh/subscribe/api/',
    fields: [
      { key: 'host', label: { en: 'Server', zh: '服务器' }, example: 'ntfy.sh', default: 'ntfy.sh' },
      { key: 'topic', label: { en: 'Topic, or several with commas', zh: '主题，多个用逗号分隔' }, example: 'alerts', default: '' },
    ],
    auth: [auth('none'), auth('bearer'), { ...auth('query'), name: 'auth' }, auth('basic')],
    stream: (value) => ({
      url: `https://${value('host')}/${value('topic')}/sse?since=all`,
      resume: { from: 'pointer', pointer: '/time', send: 'query', parameter: 'since' },
    }),
    rule: 'name = "ntfy"\npreset = "ntfy"\n',
  },
  {
    key: 'home-assistant',
    name: plain('Home Assistant'),
    help: { en: 'Needs a long-lived access token of an administrator: your profile, Security.', zh: '需要管理员的长期访问令牌：在你的个人资料中，“安全”一栏。' },
    docs: 'https://developers.home-assistant.io/docs/api/rest/',
    fields: [
      { key: 'host', label: { en: 'Server', zh: '服务器' }, example: 'homeassistant.local:8123', default: '' },
      { key: 'scheme', label: { en: 'https, or http at home', zh: 'https；在家中可用 http' }, example: 'http', default: 'https' },
    ],
    auth: [auth('bearer')],
    stream: (value) => ({
      url: `${value('scheme')}://${value('host')}/api/stream?restrict=state_changed`,
      resume: { from: 'none', pointer: '', send: 'none', parameter: '' },
    }),
    rule: 'name = "Front door"\nevent = "message"\nmatch = { "/data/entity_id" = "binary_sensor.front_door" }\ntitle = "Front door: {{ data.data.new_state.state }}"\n',
  },
];

export const PRESETS: PresetView[] = RECIPES.map(({ stream, rule, ...view }) => {
  const values = Object.fromEntries(view.fields.map(({ key, example }) => [key, example]));
  return { ...view, example: fill({ ...view, stream, rule }, values) };
});

export function filledPreset({ key, values }: PresetChoice): FilledPreset {
  const recipe = RECIPES.find((one) => one.key === key);
  if (!recipe) throw new Refusal('invalid', { en: `There is no preset ${key}.`, zh: `没有名为 ${key} 的预设。` });
  const missing = recipe.fields.find((field) => !(values[field.key] || field.default));
  if (missing) throw new Refusal('invalid', { en: `${missing.label.en} is missing.`, zh: `缺少${missing.label.zh}` });
  return fill(recipe, values);
}

function fill(recipe: Recipe, values: Record<string, string | undefined>): FilledPreset {
  const value = (key: string) => values[key] || recipe.fields.find((field) => field.key === key)?.default || '';
  const first = recipe.auth[0] ?? auth('none');
  const stream = { ...toStream({ ...emptyDraft(), name: recipe.key }), ...recipe.stream(value), auth: first, preset: { key: recipe.key, values } };
  return { stream: stream as StreamForm, rules: [`[[rule]]\nstream = "${recipe.key}"\n${recipe.rule}`], tiles: [] };
}

function auth(kind: AuthForm['kind']): AuthForm {
  return { kind, name: '', source: 'keyring', place: '', template: '' };
}
