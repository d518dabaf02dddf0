import { describe, expect, test } from 'vitest';
import {
  ALARMS,
  DELIVERY_REASONS,
  EMERGENCY_REASONS,
  HOLD_REASONS,
  LET_IN_REASONS,
  LOCK_REASONS,
  LOOK_UP_PURPOSES,
  MANUAL_VERBS,
  RELEASE_REASONS,
  SYSTEM_EVENTS,
  VISITOR_REASONS,
} from '../../../wire/index.ts';
import { rowReason } from './row-reasons.ts';

describe('the reason of a row, in words', () => {
  test.each([
    ['started', '门禁启动', 'the gate started'],
    ['clock:holdover to synced', '时钟：由自走变为已校时', 'clock: from holdover to synced'],
    ['reader-ready:usb-1', '读头就绪：usb-1', 'reader ready: usb-1'],
    ['alarm:forced', '报警：门被强行打开', 'alarm: door forced open'],
    ['look-up:no-phone', '查人：没带手机', 'look-up: no phone'],
    ['let-in:child', '放行住户：孩子', 'let in: child'],
    ['visitor:host-asked/3', '访客：住户来电或留言、3 人', 'visitor: the host asked, 3 people'],
    ['lock-down:incident', '封闭：治安事件', 'lock-down: incident'],
    ['repeated:12', '同样的拒绝：12 次', 'the same refusal again: 12'],
    ['expiry:keyset: 7 days', '快到期：签发密钥集，7 天内', 'ends soon: key set, within 7 days'],
    ['drill:key-set:failed', '演练：密钥集过期：未通过', 'drill: key set expired: failed'],
    ['stale,passback', '名单偏旧、连续同向', 'lists were old, same direction twice'],
    ['phone-empty', '手机没电，已核对证件', 'phone empty, document checked'],
    [
      `journal-opened after ${'ab'.repeat(16)} 812 ${'c'.repeat(64)}`,
      '新日志开始：接在 abababab 第 812 条之后',
      'a new journal began: after row 812 of abababab',
    ],
  ])('%s', (reason, chinese, english) => {
    expect(rowReason(reason)).toEqual({ 'zh-CN': chinese, en: english });
  });

  test.each([
    'something new',
    'new-thing:of a later version',
    'constructor',
    '__proto__:toString',
    '<b>x</b>:y',
  ])('one that is not known is shown as it stands: %s', (reason) => {
    expect(rowReason(reason)).toEqual({ 'zh-CN': reason, en: reason });
  });

  test('everything that a gate of this version writes has words', () => {
    const causes = [
      ...LET_IN_REASONS,
      ...VISITOR_REASONS,
      ...DELIVERY_REASONS,
      ...EMERGENCY_REASONS,
      ...HOLD_REASONS,
      ...LOCK_REASONS,
      ...RELEASE_REASONS,
      ...LOOK_UP_PURPOSES,
    ];
    const all = [
      ...SYSTEM_EVENTS,
      ...MANUAL_VERBS.filter((verb) => verb !== 'open'),
      ...ALARMS.map((alarm) => `alarm:${alarm}`),
      ...causes.map((cause) => `let-in:${cause}`),
    ];
    for (const reason of all)
      expect(rowReason(reason)['zh-CN'], reason).toMatch(/^[\p{Script=Han}：，“”0-9]+$/u);
  });
});
