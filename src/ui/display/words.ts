import type { DisplayMark, DisplayProblem, DisplayState, DisplayVerdict } from '../../wire/index.ts';
import { type Text, text } from '../kit/index.ts';

/** Everything the display says but the refusals, whose sentences are the same on every screen. */

export const words = {
  show: text('请出示通行码', 'Show your code'),
  hold: text('屏幕调亮，正对读码口', 'Bright screen, facing the reader'),
  holdHere: text('屏幕调亮，正对摄像头', 'Bright screen, facing the camera'),
  distance: text('距离约 15 厘米，稍停片刻', 'About 15 cm away, hold still'),
  pass: text('听到提示音后请通行', 'Pass when you hear the tone'),
  noPhone: text('没带手机？请找门卫', 'No phone? See the guard'),
  languageSwitch: text('中文', 'English'),
  soundOn: text('声音开', 'Sound on'),
  soundOff: text('声音关', 'Sound off'),
  soundWaits: text('点此打开声音', 'Tap to turn sound on'),
  clock: text('门禁时间', 'Gate time'),
  connecting: text('正在连接门禁', 'Connecting to the gate'),
  connectingNext: text('请稍候', 'One moment, please'),
  firstAccount: text(
    '还没有门卫账号：请在本机打开 /guard，输入',
    'No guard has an account yet. Open /guard on this machine and type',
  ),
  setUp: text(
    '要用手机或别的电脑设置：请打开这个地址，输入这八个数字',
    'To set this gate up from a phone or another computer, open this address and type these figures',
  ),
  lost: text('显示屏已断开', 'This screen is disconnected'),
  lostNext: text(
    '仍可出示通行码试一试；没有反应，请找门卫',
    'You may still try your code. If nothing happens, see the guard',
  ),
  lostAgain: text('正在自动重连', 'Reconnecting by itself'),
} as const satisfies Readonly<Record<string, Text>>;

/** For those who look after the gate; short, beside the connection. */
export const marks: Readonly<Record<DisplayMark, Text>> = {
  alone: text('联系不上其他门', 'No other gate in reach'),
  reserve: text('存储将满', 'Storage nearly full'),
  unrecorded: text('有扫码未记录', 'Scans not recorded'),
};

export const tones: Readonly<Record<DisplayVerdict['tone'], Text>> = {
  pass: text('请通行', 'Please pass'),
  stop: text('不能通行', 'Not admitted'),
  guard: text('请找门卫', 'See the guard'),
};

export const directions: Readonly<Record<DisplayState['direction'], Text>> = {
  in: text('入口', 'Entrance'),
  out: text('出口', 'Exit'),
  both: text('出入口', 'Entrance and exit'),
};

export interface ProblemWords {
  readonly title: Text;
  readonly next: Text;
}

export const problems: Readonly<Record<DisplayProblem, ProblemWords>> = {
  journal: {
    title: text('本通道暂停扫码', 'No codes here for now'),
    next: text(
      '通行记录无法保存，请找门卫登记通行',
      'Entries cannot be recorded. The guard will let you through',
    ),
  },
  door: {
    title: text('门开不了', 'This door is out of order'),
    next: text('请走其他通道，或找门卫', 'Use another lane or see the guard'),
  },
  readers: {
    title: text('读码器故障', 'The code reader is out of order'),
    next: text('请走其他通道，或找门卫', 'Use another lane or see the guard'),
  },
  clock: {
    title: text('门禁时间待校准', 'The gate’s clock is being set'),
    next: text('部分通行码需门卫确认', 'The guard may have to confirm some codes'),
  },
  trust: {
    title: text('住户名单未及时更新', 'The residents’ list is not up to date'),
    next: text('通行码需由门卫确认', 'The guard confirms each code'),
  },
  fire: {
    title: text('火警！请撤离', 'Fire! Leave now'),
    next: text('门已打开，请直接离开，无需扫码', 'The door is released. Walk out, no code needed'),
  },
  lockdown: {
    title: text('临时封闭', 'Closed for now'),
    next: text('请听从门卫安排', 'Please follow the guard’s directions'),
  },
  'not-enrolled': {
    title: text('门禁尚未启用', 'This gate is not in service yet'),
    next: text('请走其他通道，或找门卫', 'Use another lane or see the guard'),
  },
  starting: {
    title: text('门禁正在启动', 'The gate is starting'),
    next: text('约需半分钟，请稍候', 'About half a minute, please wait'),
  },
};

/** A gate that has no district yet, and one that nobody has confirmed. For the installer. */
export const enrolment = {
  symbol: {
    title: text('请扫描登记码', 'Show the enrolment symbol'),
    next: text(
      '本门禁尚未登记。请在区中心的控制台生成登记码，出示给读码器',
      'This gate is not enrolled yet. Show the enrolment symbol of the district’s console to the reader',
    ),
  },
  working: {
    title: text('正在登记', 'Enrolling'),
    next: text('正在联系区中心，请稍候', 'Asking the district, one moment please'),
  },
  confirm: {
    title: text('请核对设备指纹', 'Compare the fingerprint'),
    next: text(
      '请与控制台显示的指纹逐组核对，一致后在控制台点击确认',
      'Compare with the console, then confirm there',
    ),
  },
} as const satisfies Readonly<Record<string, ProblemWords>>;

export const notEnrolled: ProblemWords['title'] = text('没有登记成功', 'Not enrolled');

/** Where the page itself reads: nobody needs to go elsewhere. */
export const readersReplaced: ProblemWords = {
  title: text('固定读码器故障', 'The fixed reader is out of order'),
  next: text('请用这块屏幕', 'Use this screen'),
};

export const reader = {
  title: text('用这块屏幕读码', 'Read codes with this screen'),
  start: text('打开摄像头', 'Start the camera'),
  stop: text('关闭摄像头', 'Stop the camera'),
  aim: text('请把通行码放进框内', 'Put the code into the frame'),
  drop: text('拖入或选择通行码图片', 'Drop or choose a picture of a code'),
  paste: text('粘贴通行码文字', 'Paste the code’s text'),
  send: text('验码', 'Check'),
  reading: text('正在识别图片', 'Reading the picture'),
  noCode: text(
    '图片里没有找到通行码。请换一张清楚、完整的图片',
    'No code found in this picture. Try a sharper, whole one',
  ),
  noCamera: text(
    '没有可用的摄像头。请接上摄像头，或改用图片',
    'No camera found. Connect one, or use a picture',
  ),
  cameraDenied: text(
    '浏览器没有摄像头权限。请在地址栏里允许，再试一次',
    'The browser may not use the camera. Allow it beside the address, then try again',
  ),
  notSent: text(
    '没有送到门禁。请检查网络，再试一次',
    'It did not reach the gate. Check the network and try again',
  ),
  busy: text('门禁正忙，请稍后再试', 'The gate is busy. Try again in a moment'),
  sent: text('已送门禁判断', 'Sent to the gate'),
} as const satisfies Readonly<Record<string, Text>>;

export function people(count: number): Text {
  return text(`共 ${count} 人`, `${count} people`);
}
