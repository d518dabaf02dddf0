import type { SetupProblem } from '../../wire/index.ts';
import { type Text, text } from '../kit/index.ts';

/** All that the set-up page says itself; what the gate found comes from the gate, in both languages. */

export const STEPS = ['enrol', 'readers', 'network', 'door', 'finish'] as const;
export type Step = (typeof STEPS)[number];

export const stepNames: Readonly<Record<Step, Text>> = {
  enrol: text('登记', 'Enrol'),
  readers: text('读码器', 'Readers'),
  network: text('网络', 'Network'),
  door: text('门', 'Door'),
  finish: text('完成', 'Finish'),
};

export const words = {
  title: text('门禁设置', 'Set up this gate'),
  steps: text('设置步骤', 'Steps'),
  done: text('已完成', 'done'),
  back: text('上一步', 'Back'),
  next: text('下一步', 'Next'),
  languageSwitch: text('中文', 'English'),
  loading: text('正在连接门禁', 'Connecting to the gate'),
  again: text('门禁正在应用更改，请稍候', 'The gate is taking up the change, one moment please'),
  close: text('关闭', 'Close'),
  cancel: text('取消', 'Cancel'),
  save: text('保存', 'Save'),
  saved: text('已保存', 'Saved'),
  savedForLater: text('已保存，重启门禁后生效', 'Saved; it holds after the gate’s next start'),
  running: text('门禁正在运行：更改在重启后生效', 'The gate is at work: changes hold after its next start'),
} as const satisfies Readonly<Record<string, Text>>;

export const entrance = {
  title: text('请输入八位数字', 'Type the eight figures'),
  hint: text(
    '在门禁主机的控制台（日志）里，“type these figures at /setup” 一行',
    'On the gate’s console (its log), in the line “type these figures at /setup”',
  ),
  label: text('八位数字', 'Eight figures'),
  enter: text('进入', 'Enter'),
  closed: text('门禁正在运行', 'This gate is at work'),
  closedNext: text(
    '请在门禁主机上打开本页，或先以班长身份登录门卫台',
    'Open this page at the gate’s own machine, or sign in at the guard’s desk as head guard first',
  ),
  atGate: text(
    '在门禁主机上打开本页，无需数字。门禁运行后，班长登录 /guard 后也可进入。',
    'At the gate’s own machine no figures are wanted. Once it is at work, a head guard signed in at /guard may enter too.',
  ),
} as const satisfies Readonly<Record<string, Text>>;

export const problems: Readonly<Record<SetupProblem | 'no-answer', Text>> = {
  'not-allowed': text('请重新进入', 'Please enter again'),
  'wrong-code': text('数字不对，请再看一次控制台', 'Those figures are wrong. Look at the console again'),
  'too-many': text('尝试太多，请稍等再试', 'Too many tries. Wait a little, then try again'),
  'not-valid': text('内容有误，没有保存', 'That is not right, and nothing was saved'),
  'in-use': text(
    '门禁正在使用这个读码器。请先停止门禁，再用 menwei reader test',
    'The gate reads from it. Stop the gate, then use menwei reader test',
  ),
  'not-there': text('找不到', 'It is not there'),
  busy: text('另一项试验正在进行，请稍候', 'Another test is on. One moment, please'),
  'not-here': text('现在不能这样做', 'That cannot be done now'),
  failed: text('没有成功', 'That did not work'),
  'no-answer': text('门禁没有应答，请稍候再试', 'The gate does not answer. Try again in a moment'),
};

export const enrol = {
  title: text('把门禁登记到区中心', 'Make it a gate of its district'),
  how: text(
    '在区中心控制台的“登记门禁”里生成登记码，用本机读码器扫描，或把文字粘贴到下面。需要 Wi-Fi、固定地址或代理时，请先做“网络”一步。',
    'Make the enrolment symbol at the district’s console. Show it to this gate’s reader, or paste its text below. Where the gate needs a Wi-Fi, a fixed address or a proxy, do the step “Network” first.',
  ),
  noReader: text(
    '还没有可用的读码器：可先做“读码器”一步，或直接粘贴',
    'No reader works yet: do the step “Readers” first, or paste the text',
  ),
  label: text('登记码文字', 'Text of the symbol'),
  send: text('登记', 'Enrol'),
  waiting: text('等待登记码', 'Waiting for the symbol'),
  working: text('正在联系区中心', 'Asking the district'),
  confirmTitle: text('已登记。请核对设备指纹', 'Enrolled. Compare the fingerprint'),
  confirm: text(
    '与区中心控制台显示的逐组核对，一致后在控制台点击确认。',
    'Compare it with the district’s console group by group, and confirm it there.',
  ),
  enrolled: text('已登记', 'Enrolled'),
  gate: text('门禁', 'Gate'),
  district: text('区', 'District'),
} as const satisfies Readonly<Record<string, Text>>;

export const readers = {
  title: text('读码器', 'Readers'),
  lane: text('通道', 'Lane'),
  present: text('已设置', 'In use'),
  ready: text('可用', 'works'),
  notReady: text('没有连接', 'not connected'),
  remove: text('移除', 'Remove'),
  found: text('已接上的设备', 'Plugged in'),
  none: text(
    '没有找到设备。请插上读码器，列表会自动更新。',
    'Nothing found. Plug the reader in: the list renews itself.',
  ),
  test: text('试读', 'Test'),
  use: text('使用', 'Use'),
  usedAs: text('已用作', 'in use as'),
  testTitle: text('请扫描这个图案', 'Scan this symbol'),
  listening: text('正在等待读码器', 'Waiting for the reader'),
  symbol: text('设置图案', 'Set-up symbol'),
  usable: text('可以读码', 'It will read codes'),
  unusable: text('需要设置', 'It must be set up'),
  retry: text('再试一次', 'Test again'),
  page: text('用显示页的摄像头读码', 'Read with the display page’s camera'),
  addPage: text('添加显示页', 'Add the display page'),
} as const satisfies Readonly<Record<string, Text>>;

export const readerTypes: Readonly<Record<string, Text>> = {
  serial: text('USB 串口', 'USB serial'),
  keyboard: text('USB 键盘', 'USB keyboard'),
  'hid-pos': text('USB HID-POS', 'USB HID-POS'),
  camera: text('摄像头', 'Camera'),
  display: text('显示页', 'Display page'),
  directory: text('图片文件夹', 'Folder of pictures'),
};

export const door = {
  title: text('门', 'Door'),
  notReal: text('现在的门是模拟的，不会打开真正的门', 'The door is a simulated one: no real door opens'),
  notRealNext: text('请填写继电器的线号', 'Name the relay’s line'),
  wiring: text('接线', 'Wiring'),
  bcm: text('BCM 编号，例如 17', 'BCM number, for example 17'),
  optional: text('没有可留空', 'Leave empty if there is none'),
  relay: text('继电器线号', 'Relay line'),
  relayLow: text('继电器模块低电平吸合', 'The relay module switches on a low line'),
  seconds: text('开门时长（秒）', 'Opening, seconds'),
  secondsHint: text(
    '门锁常用 3；闸机按其说明书，常为 0.2 到 0.5',
    'A lock: often 3. A turnstile: as its manual says, often 0.2 to 0.5',
  ),
  secondsWrong: text('请填 0.1 到 30 秒', 'Type 0.1 to 30 seconds'),
  contact: text('门磁线号', 'Door contact line'),
  contactCloses: text('关门时门磁接通（常见）', 'Its circuit is closed while the door is shut (usual)'),
  exit: text('出门按钮线号', 'Exit button line'),
  fire: text('消防信号线号', 'Fire signal line'),
  fireCloses: text(
    '平时消防回路接通，断线即报警',
    'Its loop is closed while all is well: a cut wire is an alarm',
  ),
  unsaved: text(
    '还没有保存。试开门用的是已保存的接线',
    'Not saved yet. The test uses the wiring that is saved',
  ),
  test: text('试开门', 'Test the door'),
  testHint: text(
    '门会打开一次，并记入日志。请站在能看见门的地方。',
    'The door opens once, and a row is written. Stand where you see it.',
  ),
  open: text('现在打开', 'Open now'),
  opening: text('正在打开，请看门', 'Opening: watch the door'),
  didItOpen: text('门开了吗？', 'Did the door open?'),
  yes: text('开了', 'Yes'),
  no: text('没开', 'No'),
  itWorks: text('门工作正常', 'The door works'),
  look: text(
    '请检查：继电器灯亮了吗？锁的电源、常开/常闭接法对吗？',
    'Look: does the relay’s light come on? Is the lock powered, and wired to the right contact (NO or NC)?',
  ),
  good: text('继电器和门磁一致', 'Relay and contact agree'),
  bad: text('有问题', 'Something is wrong'),
} as const satisfies Readonly<Record<string, Text>>;

export const finish = {
  title: text('最后检查', 'A last look'),
  look: text('再检查一次', 'Look again'),
  looking: text('正在检查', 'Looking'),
  wellOnes: text('正常的项目', 'In order'),
  start: text('启动门禁', 'Start the gate'),
  restart: text('重启门禁', 'Restart the gate'),
  notEnrolled: text('还没有登记：先完成“登记”', 'Not enrolled yet: do the step “Enrol” first'),
  starting: text('门禁正在启动', 'The gate is starting'),
  started: text('门禁已启动', 'The gate is at work'),
  byHand: text(
    '请在主机上重启门禁：systemctl restart menwei-gate',
    'Restart the gate on its machine: systemctl restart menwei-gate',
  ),
  guardNext: text(
    '最后，建立第一个门卫账号。八位数字显示在门口的显示屏和日志里。',
    'Last, make the first guard account. Its eight figures are on the gate’s display and in its log.',
  ),
  guard: text('打开门卫台', 'Open the guard’s desk'),
  display: text('打开显示屏', 'Open the display'),
} as const satisfies Readonly<Record<string, Text>>;

export const levels: Readonly<Record<'stops' | 'hurts' | 'unchecked' | 'note' | 'well', Text>> = {
  stops: text('必须处理', 'Must be mended'),
  hurts: text('需要处理', 'Needs attention'),
  unchecked: text('未能检查', 'Not checked'),
  note: text('提示', 'Note'),
  well: text('正常', 'In order'),
};
