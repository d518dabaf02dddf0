import { plain, type Text, text } from './text.ts';

/** The live feed, the review of guards, the state of the district itself, and the way of a change to the gates. */
export const feed = {
  title: text('实时动态', 'Live'),
  about: text('最新的报警和记录，页面自动更新。', 'The newest alarms and rows. The page updates by itself.'),
  show: text('显示', 'Show'),
  everything: text('报警和记录', 'alarms and rows'),
  onlyAlarms: text('只看报警', 'alarms only'),
  onlyEntries: text('只看记录', 'rows only'),
  apply: text('筛选', 'Filter'),
  alarms: text('未确认的报警', 'Open alarms'),
  noAlarms: text('没有未确认的报警。', 'No open alarms.'),
  entries: text('最新记录', 'Newest rows'),
} as const satisfies Readonly<Record<string, Text>>;

export const review = {
  title: text('门卫复核', 'Guards'),
  about: text(
    '每位门卫每天手动操作和查人的次数，异常多的排在前面。看过后请记下。',
    'What each guard did by hand and looked up, by day. Those far above the others come first. Please note what you have looked at.',
  ),
  week: text('近 7 天', 'last 7 days'),
  month: text('近 30 天', 'last 30 days'),
  span: text('时间范围', 'Span'),
  list: text('每位门卫每天', 'Each guard and day'),
  none: text('这段时间没有手动操作和查人。', 'Nothing was done by hand or looked up in this time.'),
  day: text('日期', 'Day'),
  guard: text('门卫', 'Guard'),
  openings: text('手动操作', 'By hand'),
  lookUps: text('查人', 'Look-ups'),
  usual: text('平常：手动 {openings} 次，查人 {lookUps} 次', 'usual: {openings} by hand, {lookUps} look-ups'),
  outlier: text('是平常的 {n} 倍', '{n} times the usual'),
  fine: text('平常', 'usual'),
  rows: text('看记录', 'See the rows'),
  seen: text('已看过', 'Looked at'),
  seenBy: text('{account} 已看过', 'looked at by {account}'),
  more: text('另有 {n} 行没有列出，请缩短时间范围。', '{n} more are not listed; choose a shorter span.'),
  seenLabel: text('已看过：{gate} {actor} {day}', 'Looked at: {gate} {actor} {day}'),
} as const satisfies Readonly<Record<string, Text>>;

export const system = {
  title: text('系统', 'System'),
  about: text(
    '区中心自己的状况：提醒、备份、下发速度、软件版本。',
    'The district itself: warnings, backup, how quickly gates take changes, software.',
  ),
  warnings: text('提醒', 'Warnings'),
  noWarnings: text('没有要留意的事。', 'Nothing to look after.'),
  backup: text('备份', 'Backup'),
  backupAbout: text(
    '在区中心的机器上运行下面的命令，不用停机；每周至少一次，文件放到别的地方。',
    'Run this on the district’s machine while it runs, at least once a week, and keep the file elsewhere.',
  ),
  lastBackup: text('上次备份', 'Last backup'),
  noBackup: text('还没有记录到备份', 'no backup on record'),
  backupFine: text('在一周之内', 'within a week'),
  backupOld: text('超过一周', 'older than a week'),
  restore: text(
    '恢复见 docs/operations.md：menwei district restore。',
    'To restore, see docs/operations.md: menwei district restore.',
  ),
  uptake: text('注销和暂停的下发', 'How quickly gates take revocations'),
  uptakeAbout: text(
    '近十分钟的改动，在线门禁收到所用的时间。',
    'Changes of the last ten minutes, at gates that are connected.',
  ),
  uptakeNone: text('近十分钟没有改动。', 'No changes in the last ten minutes.'),
  p95: text('95% 的门禁', '95 % of the gates'),
  within: text('{n} 秒内', 'within {n} s'),
  missing: text('还没收到最新改动', 'Still without the newest change'),
  missingCount: text('{n} 个门禁', '{n} gates'),
  versions: text('门禁软件版本', 'Software of the gates'),
  version: text('版本', 'Version'),
  gates: text('门禁数', 'Gates'),
  noVersions: text('还没有门禁上报。', 'No gate has reported yet.'),
} as const satisfies Readonly<Record<string, Text>>;

export const uptake = {
  title: text('门禁收到了吗', 'Have the gates taken it?'),
  about: text('{time} 的改动（名单第 {version} 版）', 'The change of {time} (version {version} of the list)'),
  all: text('全部 {n} 个门禁都已收到', 'taken by all {n} gates'),
  some: text('{n} 个门禁中 {taken} 个已收到', 'taken by {taken} of {n} gates'),
  none: text('还没有门禁。', 'There are no gates yet.'),
  p95: text('95% 在 {n} 秒内', '95 % within {n} s'),
  missing: text('还没收到：', 'Still without it:'),
  offline: text('（离线，连上后自动收到）', '(offline; takes it when it is back)'),
  more: text('等，另有 {n} 个', 'and {n} more'),
  each: text('每个门禁，慢的在前', 'Each gate, the slowest first'),
  after: text('用时', 'Took'),
  seconds: text('{n} 秒', '{n} s'),
  unmeasured: text('已收到，用时未记录', 'taken, not measured'),
  lacking: text('未收到', 'not yet'),
} as const satisfies Readonly<Record<string, Text>>;

export const exporting = {
  title: text('导出', 'Export'),
  about: text(
    '按上面的条件导出为 CSV，姓名打码，最多 {n} 条，并记入操作日志。',
    'What was looked for above as CSV, names masked, at most {n} rows. The audit log keeps that you did.',
  ),
  button: text('导出 CSV', 'Export CSV'),
  direction: text('方向', 'Direction'),
  actor: text('操作人', 'Who acted'),
  kind: text('码的种类', 'Kind of code'),
  journal: text('日志', 'Journal'),
  index: text('住户编号', 'Index'),
  pass: text('来访码号', 'Pass'),
} as const satisfies Readonly<Record<string, Text>>;

/** What the console writes into the audit log, in words; what is not here is shown as it stands. */
const actions: Readonly<Record<string, Text>> = {
  'sign in': text('登录', 'sign in'),
  'sign out': text('退出', 'sign out'),
  'add resident': text('登记住户', 'register a resident'),
  'issue card': text('签发打印卡', 'issue a card'),
  'issue pass': text('签发来访码', 'issue a pass'),
  'replace index': text('更换编号', 'replace an index'),
  'move resident': text('迁居', 'move a resident'),
  'resident leaves': text('办理离开', 'resident leaves'),
  'document new': text('更换证件', 'change a document'),
  'document cancel': text('注销证件', 'cancel a document'),
  'document restore': text('恢复证件', 'restore a document'),
  'change contact': text('更改联系方式', 'change contact data'),
  'reveal person': text('查看完整信息', 'see a whole record'),
  'import list': text('导入名单', 'import a list'),
  'open enrolment': text('登记新门禁', 'open an enrolment'),
  'confirm gate': text('确认门禁指纹', 'confirm a gate'),
  'gate retired': text('门禁退役', 'retire a gate'),
  'gate stolen': text('门禁报失窃', 'report a gate stolen'),
  'acknowledge alarm': text('确认报警', 'acknowledge an alarm'),
  'export entries': text('导出记录', 'export entries'),
  'review guard': text('复核门卫', 'review a guard'),
  backup: text('备份', 'backup'),
  'set password': text('设定密码', 'set a password'),
  'set roles': text('更改角色', 'change roles'),
  'open account': text('开账号', 'open an account'),
  'invite account': text('重发邀请', 'invite again'),
  'disable account': text('停用账号', 'disable an account'),
  'look through list': text('检查名单', 'look through a list'),
  'import persons': text('导入人员', 'import persons'),
  'export persons': text('导出人员资料', 'export persons'),
  'ask to rotate issuer key': text('申请轮换签发密钥', 'ask to rotate an issuer’s key'),
  'approve to rotate issuer key': text('批准轮换签发密钥', 'approve to rotate an issuer’s key'),
  'refuse to rotate issuer key': text('驳回轮换签发密钥', 'turn down to rotate an issuer’s key'),
  'ask to retire issuer key': text('申请停用签发密钥', 'ask to withdraw an issuer’s key'),
  'approve to retire issuer key': text('批准停用签发密钥', 'approve to withdraw an issuer’s key'),
  'refuse to retire issuer key': text('驳回停用签发密钥', 'turn down to withdraw an issuer’s key'),
  'ask to release doors': text('申请解除门的封闭', 'ask to release doors'),
  'approve to release doors': text('批准解除门的封闭', 'approve to release doors'),
  'refuse to release doors': text('驳回解除门的封闭', 'turn down to release doors'),
  'ask to update gates': text('申请给许多门禁升级', 'ask to update many gates'),
  'approve to update gates': text('批准给许多门禁升级', 'approve to update many gates'),
  'refuse to update gates': text('驳回给许多门禁升级', 'turn down to update many gates'),
  'register release': text('登记新版本', 'register a release'),
  'begin update': text('开始升级的一个阶段', 'begin a stage of an update'),
  'look at update': text('已看过升级不成功的门禁', 'look at a gate that did not update'),
  'stop release': text('停止一个版本', 'stop a release'),
  'ask to export persons': text('申请导出人员资料', 'ask to export persons'),
  'approve to export persons': text('批准导出人员资料', 'approve to export persons'),
  'approve with one opener of both': text(
    '批准时两个账号由同一人开通',
    'approve with one opener of both accounts',
  ),
  'refuse to export persons': text('驳回导出人员资料', 'turn down to export persons'),
  'set resident valid': text('恢复住户', 'restore a resident'),
  'set resident suspended': text('暂停住户', 'suspend a resident'),
  'set resident revoked': text('注销住户', 'revoke a resident'),
  'set resident ask-guard': text('住户设为需门卫确认', 'resident: guard to confirm'),
  'set pass valid': text('恢复来访码', 'restore a pass'),
  'set pass suspended': text('暂停来访码', 'suspend a pass'),
  'set pass revoked': text('注销来访码', 'revoke a pass'),
  'command open': text('指令：开门', 'order: open'),
  'command lock-down': text('指令：封闭', 'order: lock down'),
  'command reload': text('指令：重新取文件', 'order: fetch documents again'),
  'command identify': text('指令：亮灯找机', 'order: identify'),
};

export function auditAction(action: string): Text | undefined {
  return Object.hasOwn(actions, action) ? actions[action] : undefined;
}

const outcomes: Readonly<Record<string, Text>> = {
  done: text('完成', 'done'),
  refused: text('未通过', 'refused'),
  seen: text('已看过', 'looked at'),
  asked: text('已申请', 'asked'),
};

/** @returns itself, where there are no words for it: a status of HTTP, or the name of a refusal */
export function auditOutcome(outcome: string): Text {
  return (Object.hasOwn(outcomes, outcome) ? outcomes[outcome] : undefined) ?? plain(outcome);
}
