import { text, type Text } from '../../kit/index.ts';

/** What stands on the screen before anybody is there. */

export const screen = {
  title: text('门卫台', 'Guard’s desk'),
  loading: text('正在打开', 'Opening'),
  language: text('中文', 'English'),
  night: text('夜间', 'Night'),
  day: text('白天', 'Day'),
  auto: text('自动', 'By itself'),
} as const satisfies Readonly<Record<string, Text>>;
