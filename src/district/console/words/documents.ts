import { type Text, text } from './text.ts';

/** What the documents of trust are called. */
export const documentNames: Readonly<Record<string, Text>> = {
  root: text('信任根', 'root'),
  keyset: text('签发密钥集', 'key set'),
  operators: text('操作员', 'operators'),
  policy: text('规则', 'policy'),
  roster: text('名册', 'roster'),
  residents: text('住户状态表', 'residents’ status list'),
  'residents-delta': text('住户状态增量', 'residents’ changes'),
  visitors: text('访客状态表', 'visitors’ status list'),
  'visitors-delta': text('访客状态增量', 'visitors’ changes'),
  time: text('时间', 'time'),
};

/** `roster/1001` → 名册 1001; what has no name here keeps its own. */
export function documentName(name: string): Text {
  const [plainName = name, of] = name.split('/');
  const known = Object.hasOwn(documentNames, plainName) ? documentNames[plainName] : undefined;
  const words = known ?? text(plainName, plainName);
  return of === undefined ? words : text(`${words['zh-CN']} ${of}`, `${words.en} ${of}`);
}
