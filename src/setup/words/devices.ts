import type { Said } from './said.ts';

/** Readers, doors, pages, guards. */
export const DEVICE_WORDS = {
  'reader-good': {
    what: ['读码器可用（{type}，{path}）', 'This reader is there and may be used ({type}, {path})'],
  },
  'reader-missing': {
    what: ['找不到读码器：{path}', 'The reader is not there: {path}'],
    why: ['它读不了码', 'It reads no codes'],
    todo: [
      '请检查 USB 线；换过口或设备时，请在设置页重新选择',
      'Check its cable; if port or device changed, choose it again on the set-up page',
    ],
  },
  'reader-wrong-type': {
    what: ['{path} 不是 {type} 类型的设备', '{path} is no device of type {type}'],
    why: ['门禁听不懂它', 'The gate does not understand it'],
    todo: ['请在设置页重新选择读码器', 'Choose the reader again on the set-up page'],
  },
  'reader-no-rights': {
    what: ['没有权限读取 {path}', 'There is no right to read {path}'],
    why: ['读码器在，但门禁用不了', 'The reader is there, but the gate may not use it'],
    todo: [
      '请把运行门禁的用户加入 {group} 组，再重启门禁',
      'Add the user that runs the gate to the group {group}, then restart the gate',
    ],
  },
  'reader-lost': {
    what: ['门禁失去了读码器：{why}', 'The gate has lost this reader: {why}'],
    why: ['它读不了码，其他读码器照常', 'It reads no codes; the others go on'],
    todo: ['请拔下再插上，再试读：menwei reader test', 'Plug it in again, then try it: menwei reader test'],
  },
  'reader-name-fleeting': {
    what: ['{path} 在下次启动后可能指向另一个设备', 'After the next start {path} may be another device'],
    why: [
      '插上第二个设备，门禁可能就读错',
      'With a second device plugged in, the gate may read from the wrong one',
    ],
    todo: [
      '请运行 menwei reader list，把它列出的路径写进配置',
      'Run menwei reader list, and configure the path that it names',
    ],
  },
  'reader-trial': {
    what: ['试用读码器：读取文件夹里的图片（{path}）', 'A reader for trials: pictures in a folder ({path})'],
  },
  'reader-page': { what: ['用显示页的摄像头读码', 'The display page reads with its camera'] },
  'door-good': {
    what: ['门的接线可用（{driver}，{chip}）', 'The door’s lines are there and free ({driver}, {chip})'],
  },
  'door-held': {
    what: ['门由运行中的门禁控制（{driver}）', 'The door is in the hands of the running gate ({driver})'],
  },
  'door-no-chip': {
    what: ['找不到 GPIO 芯片（本机有：{there}）', 'The GPIO chip is not there (this machine has: {there})'],
    why: ['继电器无法动作，门打不开', 'The relay cannot move, so no door opens'],
    todo: ['请检查 door.chip；树莓派无需填写', 'Check door.chip; a Raspberry Pi needs none'],
  },
  'door-no-rights': {
    what: ['没有权限使用 GPIO', 'There is no right to use GPIO'],
    why: ['继电器无法动作，门打不开', 'The relay cannot move, so no door opens'],
    todo: [
      '请把运行门禁的用户加入 {group} 组，再重启门禁',
      'Add the user that runs the gate to the group {group}, then restart the gate',
    ],
  },
  'door-line-taken': {
    what: ['{line} 号线被占用：{by}', 'Line {line} is taken: {by}'],
    why: ['门禁拿不到这根线，门打不开', 'The gate does not get this line, so the door does not open'],
    todo: ['请停用占用它的程序，或改用另一根线', 'Stop what holds it, or wire another line'],
  },
  'door-line-missing': {
    what: ['芯片上没有 {line} 号线', 'The chip has no line {line}'],
    why: ['门打不开', 'The door does not open'],
    todo: ['请填写 BCM 编号，例如 17', 'Use the BCM number, for example 17'],
  },
  'door-faulty': {
    what: ['门的驱动出错：{why}', 'The door’s driver is at fault: {why}'],
    why: ['这条通道不能开门', 'This lane opens for nobody'],
    todo: ['请检查接线，再试：menwei relay test', 'Check the wiring, then try: menwei relay test'],
  },
  'door-simulated': {
    what: ['门是模拟的（{driver}）', 'The door is not a real one ({driver})'],
    why: ['不会打开真正的门', 'No real door opens'],
    todo: [
      '正式使用前，请在设置页选择继电器',
      'Before it goes into service, choose the relay on the set-up page',
    ],
  },
  'door-no-sensor': {
    what: ['没有门磁，也没有闸机反馈', 'Neither a door contact nor a turnstile tells of passages'],
    why: ['强行开门和久开无法发现', 'A forced or held door goes unnoticed'],
    todo: ['建议接上门磁', 'Wire a door contact'],
  },
  'door-no-fire': {
    what: ['没有接消防信号', 'No fire input is wired'],
    why: [
      '消防释放由硬件完成，但门禁不知道，也不会显示',
      'Fire release is wired hardware; the gate just does not know of it',
    ],
    todo: ['建议把消防信号也接给门禁', 'Wire the fire signal to the gate as well'],
  },
  'door-unchecked': {
    what: ['没能检查门的接线（{why}）', 'The door’s lines could not be looked at ({why})'],
    todo: [
      '请停下门禁后再检查，或试：menwei relay test',
      'Look again while the gate is stopped, or try: menwei relay test',
    ],
  },
  'pages-answer': { what: ['页面地址：{address}', 'The pages answer at {address}'] },
  'pages-free': { what: ['页面将在此地址打开：{address}', 'The pages will be at {address}'] },
  'pages-taken': {
    what: ['地址被其他程序占用：{address}', 'Another program listens at {address}'],
    why: ['门禁无法启动', 'The gate cannot start'],
    todo: ['请停用那个程序，或更改 http.port', 'Stop that program, or choose another http.port'],
  },
  'pages-silent': {
    what: ['页面没有应答：{address}', 'The pages do not answer at {address}'],
    why: ['显示屏和门卫台打不开', 'Displays and the guard’s desk do not open'],
    todo: ['请重启门禁并查看日志', 'Restart the gate and read its log'],
  },
  'pages-loopback': {
    what: ['页面只在本机可用', 'The pages are for this machine alone'],
    why: ['平板和其他电脑打不开', 'No tablet and no other computer can open them'],
    todo: [
      '需要时请设置 http.host: 0.0.0.0（自动加密）',
      'If others should, set http.host: 0.0.0.0 (encrypted by itself)',
    ],
  },
  'pages-unchecked': {
    what: ['没能检查页面地址（{why}）', 'The pages’ address could not be looked at ({why})'],
    todo: ['请用浏览器打开试试', 'Try it with a browser'],
  },
  'page-certificate-good': {
    what: ['页面证书有效至 {until}', 'The pages’ certificate is good until {until}'],
  },
  'page-certificate-due': {
    what: ['页面证书将于 {until} 到期，或已到期', 'The pages’ certificate ends on {until}, or has ended'],
    why: ['浏览器会拒绝打开页面', 'Browsers will refuse the pages'],
    todo: [
      '请删除 keys/http.pem 并重启门禁，或换新证书',
      'Remove keys/http.pem and restart the gate, or name a new certificate',
    ],
  },
  'page-certificate-unreadable': {
    what: ['页面证书无法读取（{why}）', 'The pages’ certificate cannot be read ({why})'],
    why: ['页面打不开', 'The pages do not open'],
    todo: ['请检查 http.tls 的文件和权限', 'Check the files of http.tls and their rights'],
  },
  'guards-some': { what: ['已有门卫账号', 'There are guard accounts'] },
  'guards-none': {
    what: ['还没有门卫账号', 'There is no guard account yet'],
    why: ['出故障时没有人能在门卫台放行', 'When something fails, nobody can let people in at the desk'],
    todo: ['请打开 /guard 建立第一个账号', 'Open /guard and make the first one'],
  },
  'guards-unwanted': { what: ['按配置不设门卫台', 'There is no guard’s desk, by the configuration'] },
  'guards-unchecked': {
    what: ['没能检查门卫账号（{why}）', 'Guard accounts could not be looked at ({why})'],
    todo: ['请打开 /guard 查看', 'Look at /guard'],
  },
} as const satisfies Readonly<Record<string, Said>>;
