import type {
  Alarm,
  DoorEvent,
  GuardAlarm,
  GuardEntry,
  GuardLane,
  GuardProblem,
} from '../../../wire/index.ts';
import { type BannerLook, text, type Text } from '../../kit/index.ts';

/** What is said about the gate itself: what is out of order, what it raised the alarm for, what a row tells. */

interface ProblemWords {
  readonly look: BannerLook;
  readonly title: (amount: number | undefined) => Text;
  readonly next: Text;
}

/** docs/reliability.md, Degraded modes. */
export const gateProblems: Readonly<Record<GuardProblem, ProblemWords>> = {
  fire: {
    look: 'bad',
    title: always('火警！门已放开', 'Fire! The doors are released'),
    next: text(
      '请引导撤离，按菜单“在内人员”清点，并拨打 119。',
      'Lead people out, count them by “Who is inside” in the menu, and call 119.',
    ),
  },
  journal: {
    look: 'bad',
    title: always('记录写不进去，不会自动开门', 'Nothing can be recorded: no automatic opening'),
    next: text(
      '请用墙上的开门按钮，在纸上登记，并立即报修。请不要断电。',
      'Use the door button, write entries on paper, call for repair. Do not cut the power.',
    ),
  },
  lockdown: {
    look: 'bad',
    title: always('封闭中，扫码不开门', 'Locked down: codes do not open'),
    next: text(
      '确需放行的，核实后手动开门。结束后请解除封闭。',
      'Let in by hand who must come in. Release when it is over.',
    ),
  },
  door: {
    look: 'bad',
    title: always('门或继电器故障', 'A door or its relay is out of order'),
    next: text(
      '请用钥匙或手动开门，引导走其他通道，并报修。',
      'Open by key or hand, use another lane, call for repair.',
    ),
  },
  'door-still': {
    look: 'bad',
    title: always('开锁后门一直没有动', 'The door does not follow its lock'),
    next: text(
      '请到门口看看锁、门和门磁，用钥匙或手动开门，并报修。',
      'Look at lock, door and contact, open by key or hand, call for repair.',
    ),
  },
  'keyset-expired': {
    look: 'bad',
    title: always('签发名单已过期，不能自动放行', 'The issuers’ list has expired: no automatic verdicts'),
    next: text(
      '请查人后手动放行，并打电话给区中心，联网或用 U 盘更新。',
      'Look people up and let in by hand. Call the district: connect, or update by USB stick.',
    ),
  },
  'trust-stale': {
    look: 'bad',
    title: aged('数据过期，扫码须门卫确认', 'Data is out of date: a guard confirms each code'),
    next: text(
      '请查人后放行，并请物业联网或用 U 盘更新。',
      'Look people up, and have the gate connected or updated by USB stick.',
    ),
  },
  clock: {
    look: 'warn',
    title: always('门禁时间不可靠', 'The gate’s clock is not sure'),
    next: text(
      '部分码需要您确认，请查人后放行。请检查网络。',
      'Some codes need you: look up, then let in. Check the network.',
    ),
  },
  'readers-all': {
    look: 'bad',
    title: always('读码器全部不能用', 'No reader works'),
    next: text(
      '请查人后放行，或用本机摄像头扫码。请检查接线并报修。',
      'Look people up, or scan with this device. Check the cables, call for repair.',
    ),
  },
  reader: {
    look: 'warn',
    title: always('一个读码器不能用', 'A reader is out of order'),
    next: text(
      '请对方用另一个读码器。请检查接线并报修。',
      'Use the other reader. Check the cable, call for repair.',
    ),
  },
  'held-open': {
    look: 'warn',
    title: always('门常开中', 'A door is held open'),
    next: text(
      '请有人在门口看守。不用时请结束常开。',
      'Somebody must watch it. End it when it is no longer needed.',
    ),
  },
  power: {
    look: 'warn',
    title: always('电源电压偏低', 'The power supply is too weak'),
    next: text(
      '照常放行。请检查电源插头和线，并报修：可能会突然断电。',
      'Work as usual. Check plug and cable, call for repair: it may go off at any time.',
    ),
  },
  temperature: {
    look: 'warn',
    title: heated('门禁主机过热', 'The gate’s computer is too hot'),
    next: text(
      '照常放行，会慢一些。请打开遮挡、避开日晒，并报修。',
      'Work as usual, a little slower. Give it air and shade, call for repair.',
    ),
  },
  'storage-slow': {
    look: 'warn',
    title: always('存储卡很慢', 'The storage card is slow'),
    next: text(
      '照常放行，请等一等再让人走。请报修，尽快换卡。',
      'Work as usual, and be patient. Call for repair: the card should be replaced soon.',
    ),
  },
  storage: {
    look: 'warn',
    title: always('存储快满了', 'Storage is nearly full'),
    next: text('请报修，先联网让记录传走。', 'Call for repair; connect the gate so that records leave it.'),
  },
  unrecorded: {
    look: 'bad',
    title: counted('次通行没有记录', 'Passages not recorded'),
    next: text('请在纸上补记。断电后这些会丢失。', 'Write them on paper: they are lost when the power goes.'),
  },
  uplink: {
    look: 'info',
    title: aged('没有连上区中心', 'The district is not reached'),
    next: text(
      '照常放行，记录会先存在本机。请检查网络。',
      'Work as usual; records wait here. Check the network.',
    ),
  },
  alone: {
    look: 'info',
    title: always('联系不上其他门', 'The other gates are not reached'),
    next: text(
      '同一个码可能在另一个门用过。请检查网络。',
      'A code may have been used at another gate. Check the network.',
    ),
  },
  'trust-flagged': {
    look: 'warn',
    title: always('有一份数据没有被接受', 'A document was not accepted'),
    next: text('照常工作。请告诉区中心。', 'Work as usual. Tell the district.'),
  },
  'not-enrolled': {
    look: 'bad',
    title: always('本门禁尚未登记', 'This gate is not enrolled'),
    next: text('请安装人员用登记码登记。', 'The installer shows it the enrolment symbol.'),
  },
};

function always(chinese: string, english: string): () => Text {
  return () => text(chinese, english);
}

function counted(chinese: string, english: string): (amount: number | undefined) => Text {
  return (amount) =>
    amount === undefined ? text(chinese, english) : text(`${amount} ${chinese}`, `${english}: ${amount}`);
}

function aged(chinese: string, english: string): (amount: number | undefined) => Text {
  return (amount) => {
    if (amount === undefined) return text(chinese, english);
    const [zh, en] = ageWords(amount);
    return text(`${chinese}（${zh}）`, `${english} (${en})`);
  };
}

function heated(chinese: string, english: string): (amount: number | undefined) => Text {
  return (amount) =>
    amount === undefined
      ? text(chinese, english)
      : text(`${chinese}（${amount} °C）`, `${english} (${amount} °C)`);
}

function ageWords(seconds: number): readonly [string, string] {
  const minutes = Math.max(1, Math.floor(seconds / 60));
  if (minutes < 120) return [`${minutes} 分钟`, `${minutes} min`];
  const hours = Math.floor(minutes / 60);
  return hours < 72
    ? [`${hours} 小时`, `${hours} h`]
    : [`${Math.floor(hours / 24)} 天`, `${Math.floor(hours / 24)} d`];
}

interface AlarmWords {
  readonly name: Text;
  readonly next: Text;
  /** Is heard in quiet hours too. */
  readonly wakes?: true;
}

export const alarmWords: Readonly<Record<Alarm, AlarmWords>> = {
  forced: {
    name: text('门被强行打开', 'Door forced open'),
    next: text('请立即到门口查看。', 'Go and look at once.'),
    wakes: true,
  },
  'held-open': { name: text('门久开未关', 'Door left open'), next: text('请去关门。', 'Please close it.') },
  'relay-fault': {
    name: text('门或继电器故障', 'Relay or door fault'),
    next: text('请到门口查看，并报修。', 'Look at the door, call for repair.'),
  },
  fire: {
    name: text('火警', 'Fire'),
    next: text('请引导撤离，并拨打 119。', 'Lead people out and call 119.'),
    wakes: true,
  },
  tamper: {
    name: text('设备被拆动', 'The device was opened'),
    next: text('请立即查看设备箱。', 'Look at the box at once.'),
    wakes: true,
  },
  duress: {
    name: text('安全提醒', 'Safety notice'),
    next: text('请联系值班负责人。', 'Call the person in charge.'),
  },
  'reader-lost': {
    name: text('读码器断开', 'Reader lost'),
    next: text('请检查接线。', 'Check its cable.'),
  },
  'reader-setup': {
    name: text('读码器设置不对', 'Reader is set up wrongly'),
    next: text('请报修：用设置码重新设置。', 'Call for repair: it needs the set-up symbol.'),
  },
  refusals: {
    name: text('连续多次被拒', 'Many refusals in a row'),
    next: text('请到通道看看，是否有人需要帮助。', 'See whether somebody at the lane needs help.'),
  },
  'command-rejected': {
    name: text('收到不可信的指令', 'An order was not believed'),
    next: text('没有执行。请告诉区中心。', 'It was not carried out. Tell the district.'),
  },
  storage: { name: text('存储不足', 'Storage low'), next: text('请报修。', 'Call for repair.') },
  clock: { name: text('时间异常', 'Clock trouble'), next: text('请检查网络。', 'Check the network.') },
  expiry: {
    name: text('数据即将到期', 'Data expires soon'),
    next: text('请联网或用 U 盘更新。', 'Connect, or update by USB stick.'),
  },
  'ack-mismatch': {
    name: text('区中心的回执不符', 'The district’s receipt does not match'),
    next: text('请告诉区中心。', 'Tell the district.'),
  },
  'look-ups': {
    name: text('查人次数过多', 'Many look-ups'),
    next: text('已上报。请只在需要时查询。', 'Reported. Look up only when needed.'),
  },
  flood: {
    name: text('短时间内大量刷码', 'A flood of scans'),
    next: text('请到通道看看。', 'Look at the lane.'),
  },
  'gate-ended': {
    name: text('有人冒用已停用的门禁', 'Somebody speaks as a retired gate'),
    next: text('请告诉区中心。', 'Tell the district.'),
  },
  emergency: {
    name: text('紧急常开，已上报', 'Held open for an emergency, reported'),
    next: text('请在门口看守，结束后按“结束常开”。', 'Watch the door; end it when it is over.'),
  },
  'desk-abuse': {
    name: text('有人在猜 PIN 或短码', 'Somebody is guessing PINs or short codes'),
    next: text('请确认岗亭电脑无人乱动。', 'See that nobody else uses the guard’s computer.'),
    wakes: true,
  },
};

/** Of alarms whose detail says more than their name. */
const detailWords: Readonly<Record<string, AlarmWords>> = {
  'relay-fault:contact-still': {
    name: text('开锁后门一直没有动', 'The door does not follow its lock'),
    next: text('请到门口看锁、门和门磁，并报修。', 'Look at lock, door and contact, call for repair.'),
  },
  'relay-fault:not-held': {
    name: text('门没有保持常开', 'The door is not held open'),
    next: text(
      '请到门口查看。需要时请重新常开；再次发生请报修。',
      'Look at the door. Hold it open anew if needed; if it happens again, call for repair.',
    ),
  },
  'relay-fault:relay-on': {
    name: text('继电器卡在开的位置', 'The relay is stuck open'),
    next: text(
      '门可能锁不上：请派人看守，并立即报修。',
      'The door may not lock: have it watched, call for repair now.',
    ),
  },
  'storage:slow': {
    name: text('存储卡很慢', 'The storage card is slow'),
    next: text('请报修，尽快换卡。', 'Call for repair: the card should be replaced soon.'),
  },
};

export function wordsOfAlarm({ alarm, detail = '' }: Pick<GuardAlarm, 'alarm' | 'detail'>): AlarmWords {
  return detailWords[`${alarm}:${detail}`] ?? alarmWords[alarm];
}

export const decisions: Readonly<Record<GuardEntry['decision'], Text>> = {
  granted: text('通行', 'Passed'),
  refused: text('未放行', 'Refused'),
  guard: text('需门卫', 'Needs guard'),
  manual: text('手动', 'By hand'),
  door: text('门', 'Door'),
  system: text('系统', 'System'),
};

export const doorEvents: Readonly<Record<DoorEvent, Text>> = {
  opened: text('已开门', 'opened'),
  passed: text('已通过', 'went through'),
  annulled: text('没有通过，已作废', 'nobody passed, annulled'),
  undone: text('已撤销', 'taken back'),
  held: text('久开未关', 'left open'),
  forced: text('强行打开', 'forced open'),
  closed: text('已关', 'closed'),
  fault: text('故障', 'fault'),
  stuck: text('卡住', 'stuck'),
  recovered: text('恢复', 'works again'),
  'exit-button': text('出门按钮', 'exit button'),
  fire: text('火警放开', 'fire release'),
  'fire-cleared': text('火警解除', 'fire over'),
  tamper: text('被拆动', 'tampered with'),
  'tamper-cleared': text('拆动解除', 'tamper over'),
};

export const kinds: Readonly<Record<number, Text>> = {
  1: text('在线码', 'Online code'),
  2: text('凭证码', 'Credential code'),
  3: text('离线码', 'Offline code'),
  4: text('来访码', 'Visitor pass'),
  5: text('打印卡', 'Printed card'),
};

export const directions: Readonly<Record<GuardLane['direction'], Text>> = {
  in: text('入口', 'In'),
  out: text('出口', 'Out'),
  both: text('出入口', 'In and out'),
};

export const modes: Readonly<Record<GuardLane['mode'], Text>> = {
  normal: text('正常', 'Normal'),
  'lock-down': text('封闭', 'Locked down'),
  'held-open': text('常开', 'Held open'),
  fire: text('火警放开', 'Fire release'),
};

export const contacts: Readonly<Record<GuardLane['door']['contact'], Text>> = {
  closed: text('门关着', 'Door closed'),
  open: text('门开着', 'Door open'),
  none: text('无门磁', 'No door contact'),
  unknown: text('门状态不明', 'Door unknown'),
};
