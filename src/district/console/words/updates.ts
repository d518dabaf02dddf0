import {
  type ReleaseProblem,
  UPDATE_REASON,
  type UpdateOutcome,
  updateOfReason,
  type UpdateStage,
  type UpdateState,
  type UpdateWhy,
} from '../../../wire/index.ts';
import { fill, plain, type Text, text } from './text.ts';

/** Staged updates: what a release is, how far it has come, and what somebody should do next. */
export const updates = {
  title: text('升级', 'Updates'),
  about: text(
    '新版本由人分阶段下发：先一个门禁，再十分之一，最后全部。前一阶段都正常，才能开始下一阶段。',
    'A person brings a new version out in stages: first one gate, then a tenth, then all. The next stage opens when the one before is in order.',
  ),
  notConfigured: text(
    '还不能升级：请在区中心的配置里用 updates.keys 指明可信任的发布方公钥文件夹，然后重新启动区中心。',
    'No updates yet: name the folder with the makers’ public keys as updates.keys in the district’s configuration, and start the district again.',
  ),
  none: text(
    '还没有登记过版本。请管理员在本页登记发布方签名的 release.jws。',
    'No release is registered yet. An administrator registers the signed release.jws on this page.',
  ),
  release: text('第 {n} 号版本', 'Release {n}'),
  version: text('软件版本', 'Software'),
  address: text('存放地址', 'Where it lies'),
  architectures: text('适用机型', 'For machines'),
  expires: text('有效期至', 'Good until'),
  registered: text('登记', 'Registered'),
  registeredBy: text('{account}，{time}', '{account}, {time}'),
  next: text('下一步', 'Next'),
  stages: text('各阶段', 'Stages'),
  stage: text('阶段', 'Stage'),
  begun: text('已下达', 'Ordered'),
  inOrder: text('正常', 'In order'),
  underWay: text('进行中', 'Under way'),
  failed: text('未成功', 'Not taken'),
  notBegun: text('未开始', 'not begun'),
  whichGate: text('先升级哪个门禁', 'Which gate first'),
  whichHint: text('选一个旁边常有人的门禁。', 'Choose one that has people beside it.'),
  begin: text('开始：{stage}', 'Begin: {stage}'),
  ask: text('请第二人批准：{stage}', 'Ask a second person: {stage}'),
  oneCommunity: text('小区 {community}（{n} 个门禁）', 'community {community} ({n} gates)'),
  withCount: text('{stage}（{n} 个门禁）', '{stage} ({n} gates)'),
  noGate: text(
    '现在没有可以升级的门禁。门禁要在线，并在自己的配置里写明 update.from。',
    'No gate can be ordered now. A gate must be connected and have update.from in its own configuration.',
  ),
  place: text(
    '开始之前，请确认各门禁的 update.from 地址上已放好这个版本的文件。',
    'Before you begin, see that the files of this release lie at the gates’ own update.from.',
  ),
  onlyOperator: text('由值班员开始下一阶段。', 'An operator begins the next stage.'),
  stop: text('停止这个版本', 'Stop this release'),
  stopAbout: text(
    '不再给任何门禁下达；已经升级的不会退回。',
    'No further gate is ordered. Those that run it keep it.',
  ),
  troubles: text('请查看这些门禁', 'Please look at these gates'),
  troublesAbout: text(
    '看清原因并处理后，点“已看过”，才能继续。',
    'Find out why and deal with it; then say that you have looked, and the stages go on.',
  ),
  why: text('原因', 'Why'),
  looked: text('已看过', 'I have looked'),
  lookedLabel: text('已看过：{gate}', 'I have looked at {gate}'),
  lookedBy: text('{account} 已看过', 'looked at by {account}'),
  gates: text('这个版本的门禁', 'Gates of this release'),
  since: text('时间', 'Since'),
  running: text('门禁现在运行什么', 'What the gates run now'),
  runningNone: text('还没有门禁上报。', 'No gate has reported yet.'),
  count: text('门禁数', 'Gates'),
  which: text('哪些', 'Which'),
  more: text('等，另有 {n} 个', 'and {n} more'),
  number: text('版本号', 'Release'),
  first: text('安装时的版本', 'as installed'),
  takesNone: text('不接受升级指令', 'takes no orders to update'),
  register: text('登记新版本', 'Register a release'),
  registerAbout: text(
    '选择发布方给的 release.jws。签名、日期和编号都对，才会登记；登记不会下发任何东西。',
    'Choose the release.jws from its makers. It is taken only with a good signature, date and number, and nothing goes out by registering it.',
  ),
  file: text('release.jws 文件', 'The file release.jws'),
  addressHint: text('例如 https://releases.example/menwei/', 'For example https://releases.example/menwei/'),
  registerButton: text('核对签名并登记', 'Check and register'),
  earlier: text('以前的版本', 'Earlier releases'),
} as const satisfies Readonly<Record<string, Text>>;

export const updateStages: Readonly<Record<UpdateStage, Text>> = {
  one: text('一个门禁', 'one gate'),
  tenth: text('十分之一', 'a tenth'),
  community: text('一个小区', 'one community'),
  all: text('其余全部', 'all others'),
};

export const updateStates: Readonly<Record<UpdateState, Text>> = {
  queued: text('等待下达', 'waits for its order'),
  ordered: text('已下达，正在升级', 'ordered, updating'),
  back: text('已升级，观察中', 'updated, being watched'),
  away: text('已升级，暂时不正常', 'updated, not in order now'),
  healthy: text('正常', 'in order'),
  failed: text('未成功', 'not taken'),
};

/** Why nothing can be begun now, and what to do. */
export const updateWaits = {
  newer: text('已有更新的版本，这个不再下发。', 'There is a newer release; this one goes out no further.'),
  stopped: text(
    '已由 {account} 停止。需要时请登记新版本。',
    'Stopped by {account}. Register a new release when it is needed.',
  ),
  expired: text('这个版本已过期，请登记新版本。', 'This release is out of date. Please register a new one.'),
  failed: text(
    '有门禁没有升级成功，请先查看上面的门禁。',
    'A gate has not taken it. Please look at the gates above first.',
  ),
  running: text(
    '{n} 个门禁正在升级或观察中，请等它们都正常（约十五分钟）。',
    '{n} gates are updating or being watched. Please wait until all are in order (about fifteen minutes).',
  ),
  'nothing-left': text('能升级的门禁都已完成。', 'Every gate that can be updated has been.'),
  ready: text('可以开始下一阶段。', 'The next stage can begin.'),
  registered: text('可以从一个门禁开始。', 'It can begin with one gate.'),
} as const satisfies Readonly<Record<string, Text>>;

type Why =
  | ReleaseProblem
  | UpdateWhy
  | 'back'
  | 'unsure'
  | 'lost'
  | 'gate-offline'
  | 'not-sent'
  | 'key-not-known'
  | 'no-command-key'
  | 'no-such-gate';

const whys: Readonly<Record<Why, Text>> = {
  back: text('升级后不正常，已退回原版本', 'it was not in order, and the version before runs again'),
  unsure: text('升级没有完成，请到现场查看机器', 'it ended half-way; please look at the machine itself'),
  lost: text('升级后连不上，请到现场查看', 'it came back and was lost again; please look on the spot'),
  'no-answer': text(
    '一直没有回音，请查看门禁和它的网络',
    'it has not answered; please look at the gate and its network',
  ),
  'not-configured': text('这台机器的配置里没有 update.from', 'its configuration has no update.from'),
  'no-updater': text(
    '这台机器没有升级程序，请在现场安装',
    'this machine has no updater; install it on the spot',
  ),
  busy: text('上一次升级还没结束', 'an update before it still goes on'),
  request: text(
    '机器没有收下升级请求，请看它的日志',
    'the machine did not take the request; please see its log',
  ),
  address: text(
    '取不到文件，请核对 update.from 和网络',
    'its address does not answer; please see update.from and the network',
  ),
  package: text('安装包与签名不符，没有安装', 'the package is not what was signed; nothing was installed'),
  'not-begun': text(
    '存不下原来的版本，没有开始，请查看机器的磁盘',
    'it could not keep what runs there, so nothing was begun; please look at the room on its disk',
  ),
  'other-release': text(
    '它的地址上放的是别的版本，请放好这个版本',
    'another release lies at its address; please put this one there',
  ),
  older: text('它已运行更新的版本', 'it runs a newer one'),
  'runs-already': text('它已运行这个版本', 'it runs this one already'),
  'failed-before': text(
    '这个版本在它上面失败过，请等下一个版本',
    'this release failed there before; wait for the next one',
  ),
  architecture: text('这个版本没有适合它的安装包', 'the release has no package for its machine'),
  'no-makers': text(
    '它不信任任何发布方，请放入公钥（/etc/menwei-release）',
    'it trusts no maker; put their key into /etc/menwei-release',
  ),
  'no-release': text('它的地址上不是签名的版本', 'what lies at its address is no signed release'),
  'unknown-maker': text('签名不是它信任的发布方的', 'the signature is of nobody it trusts'),
  'other-document': text('它的地址上是另一种文件', 'what lies at its address is another document'),
  'bad-release': text('版本文件不完整', 'the release is not complete'),
  'release-ahead': text('它的时钟慢了，请先校时', 'its clock is behind; let it be set first'),
  'release-expired': text('这个版本已过期', 'the release is out of date'),
  'gate-offline': text('下达时它不在线', 'it was not connected when it was ordered'),
  'not-sent': text('指令没有发出', 'the order did not get out'),
  'key-not-known': text('它还不认识下达人的密钥', 'it did not know the key of who ordered it yet'),
  'no-command-key': text('下达人没有值班员角色', 'who ordered it is no operator'),
  'no-such-gate': text('没有这个门禁', 'there is no such gate'),
};

/** @param why as a gate or the desk has it; one that is not known is shown as it stands */
export function updateWhy(why: string): Text {
  return Object.hasOwn(whys, why) ? whys[why as Why] : plain(why);
}

export const updateOutcomes: Readonly<Record<UpdateOutcome, Text>> = {
  done: text('已升级', 'done'),
  back: text('已退回原版本', 'went back'),
  refused: text('没有升级', 'not done'),
  unsure: text('没有完成', 'not complete'),
};

/** @param stage as a request to the second person names it */
export function stageText(stage: string): Text {
  return Object.hasOwn(updateStages, stage) ? updateStages[stage as UpdateStage] : plain(stage);
}

/** @param detail of a gate's row: `7:refused:release-expired` */
export function updateText(detail: string): Text {
  const told = updateOfReason(`${UPDATE_REASON}:${detail}`);
  if (told === undefined) return plain(detail);
  const named = [fill(updates.release, { n: told.release }), updateOutcomes[told.outcome]];
  const all = told.why === undefined ? named : [...named, updateWhy(told.why)];
  return text(all.map((each) => each['zh-CN']).join('，'), all.map(({ en }) => en).join(', '));
}
