import type { DemoEntry, ResidentState } from '../../wire/index.ts';
import { type Text, text } from '../kit/index.ts';
import type { CodeKind, CodeProblem } from './shown-code.ts';

/** Everything the demonstration's page says. */

export const words = {
  title: text('门卫 · 演示', 'Menwei · demonstration'),
  made: text('这里的住户都是生成的，不是真人', 'All residents here are generated; none is real'),
  resident: text('住户', 'Resident'),
  kind: text('通行码种类', 'Kind of code'),
  refresh: text('刷新', 'Refresh'),
  copy: text('复制文字', 'Copy text'),
  copied: text('已复制', 'Copied'),
  save: text('保存图片', 'Save picture'),
  revoke: text('注销此住户', 'Revoke this resident'),
  restore: text('恢复此住户', 'Restore this resident'),
  working: text('正在处理', 'Working'),
  stateFailed: text('区中心没有回应，请再试一次', 'The district did not answer. Please try again'),
  display: text('打开门口显示屏', 'Open the gate’s display'),
  entries: text('区中心收到的通行记录', 'Entries as the district has them'),
  noEntries: text(
    '还没有记录。请打开门口显示屏，出示左边的码',
    'No entries yet. Open the gate’s display and show it this code',
  ),
  ofDevice: text('另有门禁自身的记录', 'Also received, about the gate itself'),
  acknowledged: text('已确认', 'acknowledged'),
  pending: text('待确认', 'not yet acknowledged'),
  loading: text('正在从区中心获取数据', 'Asking the district'),
  noDistrict: text('区中心没有回应，正在重试', 'The district does not answer, trying again'),
  code: text('通行码', 'Entry code'),
  shortCode: text('短码', 'Short code'),
  shortCodeUse: text('读码器坏了，请报给门卫', 'No reader works? Read it to the guard'),
  left: text('后自动更新', 'until it renews'),
  languageSwitch: text('中文', 'English'),
} as const satisfies Readonly<Record<string, Text>>;

export interface KindWords {
  readonly name: Text;
  readonly about: Text;
}

export const kinds: Readonly<Record<CodeKind, KindWords>> = {
  token: {
    name: text('在线码', 'Online'),
    about: text('区中心签发，几分钟内有效', 'Signed by the district, good for minutes'),
  },
  proof: {
    name: text('离线码', 'Offline'),
    about: text(
      '本机密钥签名，每 20 秒更新，断网也能用',
      'Signed on this device every 20 s, works with no network',
    ),
  },
  pass: {
    name: text('来访码', 'Visitor'),
    about: text('发给访客，限时限次', 'For a guest: some hours, some entries'),
  },
  card: {
    name: text('打印卡', 'Printed card'),
    about: text(
      '给没有手机的人，默认由门卫确认',
      'For people without a phone; the guard confirms by default',
    ),
  },
};

export const problems: Readonly<Record<CodeProblem, Text>> = {
  'no-answer': text(
    '区中心没有回应，正在重试。已显示的码到期前仍可用',
    'The district does not answer, trying again. A code already shown is good until it ends',
  ),
  'too-many-keys': text(
    '这位住户登记的手机数已满，请换一位住户',
    'This resident has no place for another phone. Choose another resident',
  ),
  'not-valid': text(
    '此住户已注销或暂停，不再签发新码。恢复后自动更新',
    'This resident is revoked or suspended and gets no new code. Restore the resident to go on',
  ),
  'no-keys': text(
    '这个浏览器不能在此地址保管密钥。请用 https 或本机地址打开，或先用在线码',
    'This browser cannot keep keys at this address. Open it by https or on the machine itself, or use the online code',
  ),
};

export const states: Readonly<Record<ResidentState, Text>> = {
  valid: text('正常', 'valid'),
  suspended: text('已暂停', 'suspended'),
  revoked: text('已注销', 'revoked'),
  'ask-guard': text('需门卫确认', 'guard to confirm'),
};

export const decisions: Readonly<Record<DemoEntry['decision'], Text>> = {
  granted: text('放行', 'let in'),
  refused: text('拒绝', 'refused'),
  guard: text('找门卫', 'guard'),
  manual: text('手动', 'by hand'),
  door: text('门', 'door'),
  system: text('系统', 'system'),
};

export const doors: Readonly<Record<NonNullable<DemoEntry['door']>, Text>> = {
  opened: text('已打开', 'opened'),
  passed: text('有人通过', 'passed through'),
  annulled: text('无人通过，作废', 'nobody passed, annulled'),
  undone: text('撤销', 'undone'),
  held: text('一直没关', 'held open'),
  forced: text('强行打开', 'forced open'),
  closed: text('已关上', 'closed'),
  fault: text('有故障', 'fault'),
  stuck: text('继电器卡住', 'relay stuck'),
  recovered: text('已恢复', 'recovered'),
  'exit-button': text('出门按钮', 'exit button'),
  fire: text('消防开门', 'fire release'),
  'fire-cleared': text('消防解除', 'fire cleared'),
  tamper: text('被拆动', 'tampered with'),
  'tamper-cleared': text('拆动解除', 'tamper cleared'),
};
