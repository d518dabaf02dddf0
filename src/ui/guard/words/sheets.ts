import { text, type Text } from '../../kit/index.ts';

/** What stands on the sheets that the menu leads to. They come when one is asked for. */

export const menu = {
  title: text('菜单', 'Menu'),
  inside: text('在内人员', 'Who is inside'),
  report: text('本班报告', 'Shift report'),
  alarms: text('报警记录', 'Alarms'),
  camera: text('本机扫码', 'Scan with this device'),
  settings: text('声音 屏幕', 'Sound and screen'),
  secret: text('我的 PIN', 'My PIN'),
  accounts: text('门卫账号', 'Guards’ accounts'),
  leave: text('退出登录', 'Sign out'),
  endShift: text('下班交接', 'End the shift'),
} as const satisfies Readonly<Record<string, Text>>;

export const keySheet = {
  title: text('按键', 'Keys'),
  next: text('不用鼠标，全部都能用键盘完成。', 'Everything works without a mouse.'),
  search: text('查人：直接输入，回车', 'Look up: type, then Enter'),
  select: text('选查到的人', 'Choose among those found'),
  act: text('对选中的人放行', 'Let the chosen one in'),
  undo: text('撤销刚才的开门', 'Take the opening back'),
  escape: text('关闭、收起、返回', 'Close, clear, back'),
  digits: text('选原因、用途、菜单', 'Choose a reason, purpose, menu'),
  help: text('查此人（等候的）', 'Look the waiting one up'),
  dismiss: text('不放行等候的人', 'Do not let the waiting one in'),
  acknowledge: text('知道了，关报警', 'Acknowledge the alarm'),
  otherwise: text('换一种查法', 'Look up another way'),
} as const satisfies Readonly<Record<string, Text>>;

export const inside = {
  title: text('在内人员', 'Who is inside'),
  about: text('按本门记录，进入后没有外出的人', 'By this gate’s records: came in and did not go out'),
  since: text('统计自', 'Since'),
  at: text('截至', 'As of'),
  unnamed: text('次开门没有指明是谁', 'openings name nobody'),
  nobody: text('没有人在内', 'Nobody is inside'),
  came: text('进入', 'Came in'),
  unsure: text('可能已外出', 'may have gone out'),
  count: text('人在内', 'inside'),
} as const satisfies Readonly<Record<string, Text>>;

export const report = {
  title: text('值班报告', 'Shift report'),
  guard: text('门卫', 'Guard'),
  gate: text('门', 'Gate'),
  from: text('上班', 'From'),
  until: text('下班', 'Until'),
  now: text('还在班上', 'still on duty'),
  granted: text('自动放行', 'Let in by code'),
  refused: text('拒绝', 'Refused'),
  guardAsked: text('转门卫', 'Sent to the guard'),
  manual: text('手动放行', 'By hand'),
  lookUps: text('查人次数', 'Look-ups'),
  refusals: text('拒绝原因', 'Refused because'),
  byHand: text('手动原因', 'By hand because'),
  alarms: text('报警', 'Alarms'),
  seen: text('已确认', 'seen by'),
  notSeen: text('未确认', 'not seen'),
  rows: text('记录号', 'Rows'),
  note: text('交接', 'Note'),
  signature: text('签名', 'Signature'),
  none: text('无', 'None'),
} as const satisfies Readonly<Record<string, Text>>;

export const leaving = {
  title: text('下班交接', 'End the shift'),
  note: text('给下一班的话（写门的事，不写人）', 'For the next guard (about the gate, not about people)'),
  end: text('下班并退出', 'End and sign out'),
  leaveTitle: text('退出登录', 'Sign out'),
  leaveNext: text('班次继续，回来再登录即可。', 'Your shift goes on; sign in again when you are back.'),
} as const satisfies Readonly<Record<string, Text>>;

export const settings = {
  title: text('声音 屏幕', 'Sound and screen'),
  dayVolume: text('白天音量', 'Volume by day'),
  nightVolume: text('安静时段音量', 'Volume in quiet hours'),
  quiet: text('安静时段', 'Quiet hours'),
  from: text('从', 'From'),
  until: text('到', 'Until'),
  always: text('火警、强行开门等始终有声。', 'Fire, forced doors and the like are always heard.'),
  test: text('试听', 'Try it'),
  light: text('屏幕', 'Screen'),
} as const satisfies Readonly<Record<string, Text>>;

export const secretPage = {
  title: text('我的 PIN', 'My PIN'),
  normal: text('换 PIN', 'New PIN'),
  duress: text('设胁迫 PIN', 'Duress PIN'),
  duressNext: text(
    '被人胁迫时用它登录：看起来一切正常，同时悄悄报警。',
    'Sign in with it when somebody forces you: all looks normal, and a silent alarm goes out.',
  ),
  noDuress: text('取消胁迫 PIN', 'No duress PIN'),
  noDuressNext: text(
    '输入您平时的 PIN。原来没有设过的，也同样显示“已保存”。',
    'Type the PIN of every day. Where there was none, “Saved” is shown all the same.',
  ),
  now: text('现在的 PIN', 'Your PIN now'),
  next: text('新的 PIN', 'The new PIN'),
  save: text('保存', 'Save'),
  saved: text('已保存', 'Saved'),
} as const satisfies Readonly<Record<string, Text>>;

export const accountsPage = {
  title: text('门卫账号', 'Guards’ accounts'),
  invite: text('邀请', 'Invite'),
  head: text('班长', 'Head guard'),
  guard: text('门卫', 'Guard'),
  unlock: text('解锁，给新数字', 'Unlock with new digits'),
  disable: text('停用', 'Disable'),
  disableSure: text('再按一次停用', 'Press again to disable'),
  shown: text(
    '请把这八位数字交给本人，只显示这一次',
    'Give them these eight digits; they are shown only now',
  ),
  until: text('有效到', 'Good until'),
  states: {
    invited: text('待开始', 'Invited'),
    active: text('正常', 'Active'),
    locked: text('已锁', 'Locked'),
    disabled: text('停用', 'Disabled'),
  },
} as const;

export const camera = {
  title: text('本机扫码', 'Scan with this device'),
  lane: text('给哪个通道扫', 'For which lane'),
  start: text('打开摄像头', 'Start the camera'),
  stop: text('关闭摄像头', 'Stop the camera'),
  aim: text('把码放进框里', 'Hold the code in the frame'),
  none: text(
    '没有可用的摄像头。请用 https 打开本页，或换一台设备。',
    'No camera. Open this page over https, or use another device.',
  ),
  denied: text(
    '没有摄像头权限。请在浏览器里允许，再打开。',
    'The camera is not allowed. Allow it in the browser and start again.',
  ),
  sent: text('已送门禁判断', 'Sent to the gate'),
  busy: text('门禁正忙，请再出示一次', 'The gate is busy: show it again'),
  'not-sent': text('没有送到，请再出示一次', 'Not sent: show it again'),
  noLane: text(
    '没有通道允许本页扫码。请安装人员给通道加一个“页面”读码器。',
    'No lane lets a page read. The installer adds a reader of type “display” to the lane.',
  ),
} as const satisfies Readonly<Record<string, Text>>;
