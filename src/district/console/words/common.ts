import type {
  Alarm,
  CommandVerb,
  Decision,
  DoorEvent,
  ResidentState,
  StatusPayload,
} from '../../../wire/index.ts';
import type { DeskRole } from '../../accounts/roles.ts';
import { type Text, text } from './text.ts';

/** Words that several pages of the console share, and the names of every closed list of the wire. */

export const common = {
  console: text('区控制台', 'District console'),
  brand: text('门卫', 'Menwei'),
  otherLanguage: text('English', '中文'),
  language: text('换成英文', 'Switch to Chinese'),
  menu: text('主菜单', 'Main menu'),
  skip: text('跳到正文', 'Skip to the content'),
  signOut: text('退出', 'Sign out'),
  optional: text('可不填', 'optional'),
  gate: text('门禁', 'Gate'),
  lane: text('通道', 'Lane'),
  community: text('小区', 'Community'),
  time: text('时间', 'Time'),
  state: text('状态', 'State'),
  reason: text('理由', 'Reason'),
  chooseReason: text('请选择', 'Please choose'),
  version: text('版本', 'Version'),
  details: text('详情', 'Details'),
  yes: text('是', 'yes'),
  no: text('否', 'no'),
  all: text('全部', 'All'),
  unknown: text('未知', 'unknown'),
  older: text('更早的', 'Older'),
  newest: text('回到最新', 'Back to the newest'),
  save: text('保存', 'Save'),
  download: text('下载', 'Download'),
  actions: text('操作', 'Actions'),
  back: text('返回', 'Back'),
  live: text('自动更新', 'Updates by itself'),
  liveLost: text('连接断开，正在重试', 'Connection lost, trying again'),
} as const satisfies Readonly<Record<string, Text>>;

export const menu = {
  wall: text('门禁', 'Gates'),
  feed: text('实时动态', 'Live'),
  entries: text('通行记录', 'Entries'),
  residents: text('住户', 'Residents'),
  reviews: text('待审核', 'Reviews'),
  enrol: text('新门禁', 'Enrol a gate'),
  trust: text('密钥与文件', 'Keys and trust'),
  updates: text('升级', 'Updates'),
  approvals: text('待复核', 'Approvals'),
  accounts: text('账号', 'Accounts'),
  review: text('门卫复核', 'Guards'),
  audit: text('操作日志', 'Audit log'),
  system: text('系统', 'System'),
} as const satisfies Readonly<Record<string, Text>>;

export const decisions: Readonly<Record<Decision, Text>> = {
  granted: text('放行', 'let in'),
  refused: text('拒绝', 'refused'),
  guard: text('找门卫', 'guard'),
  manual: text('手动', 'by hand'),
  door: text('门', 'door'),
  system: text('系统', 'system'),
};

export const doorEvents: Readonly<Record<DoorEvent, Text>> = {
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

export const alarms: Readonly<Record<Alarm, Text>> = {
  forced: text('门被强行打开', 'door forced open'),
  'held-open': text('门一直没关', 'door held open'),
  'relay-fault': text('继电器故障', 'relay fault'),
  fire: text('消防信号', 'fire signal'),
  tamper: text('被拆动或记录被改', 'tampered with'),
  duress: text('胁迫报警', 'duress'),
  'reader-lost': text('读头断开', 'reader lost'),
  'reader-setup': text('读头设置不对', 'reader set up wrongly'),
  refusals: text('连续拒绝', 'many refusals in a row'),
  'command-rejected': text('指令被拒绝', 'command not believed'),
  storage: text('存储故障', 'storage fault'),
  clock: text('时钟不可靠', 'clock unsure'),
  expiry: text('文件将到期', 'document about to expire'),
  'ack-mismatch': text('确认与记录不符', 'acknowledgement does not match'),
  'look-ups': text('查询次数异常', 'unusually many look-ups'),
  flood: text('读头大量误读', 'reader flood'),
  'gate-ended': text('已停用的门禁仍在发送', 'a gate whose life is over is heard'),
  'desk-abuse': text('有人在试门卫台的密码', 'somebody tries to get into the guard’s desk'),
  emergency: text('紧急情况，门已保持打开', 'door held open for an emergency'),
};

export const verbs: Readonly<Record<CommandVerb, Text>> = {
  open: text('开门', 'Open'),
  'lock-down': text('封闭', 'Lock down'),
  release: text('解除', 'Release'),
  'resend-from': text('重传记录', 'Send rows again'),
  reload: text('重新取文件', 'Fetch documents again'),
  identify: text('亮灯找机', 'Identify'),
  update: text('升级', 'Update'),
};

export const residentStates: Readonly<Record<ResidentState, Text>> = {
  valid: text('正常', 'valid'),
  suspended: text('已暂停', 'suspended'),
  revoked: text('已注销', 'revoked'),
  'ask-guard': text('需门卫确认', 'guard to confirm'),
};

export const clockQualities: Readonly<Record<StatusPayload['clock']['quality'], Text>> = {
  synced: text('已校时', 'synced'),
  holdover: text('自走', 'holdover'),
  unsure: text('不可靠', 'unsure'),
};

export const laneModes: Readonly<Record<StatusPayload['lanes'][number]['mode'], Text>> = {
  normal: text('平常', 'normal'),
  'lock-down': text('封闭', 'locked down'),
  'held-open': text('常开', 'held open'),
  fire: text('消防开门', 'fire release'),
};

export const directions: Readonly<Record<'in' | 'out' | 'both', Text>> = {
  in: text('进', 'in'),
  out: text('出', 'out'),
  both: text('进出', 'both ways'),
};

export const kinds: Readonly<Record<1 | 2 | 3 | 4 | 5, Text>> = {
  1: text('在线码', 'online code'),
  2: text('凭证码', 'credential code'),
  3: text('离线码', 'offline code'),
  4: text('来访码', 'visitor code'),
  5: text('打印卡', 'printed card'),
};

export const roles: Readonly<Record<DeskRole, Text>> = {
  registrar: text('登记员', 'registrar'),
  reviewer: text('审核员', 'reviewer'),
  operator: text('值班员', 'operator'),
  auditor: text('审计员', 'auditor'),
  administrator: text('管理员', 'administrator'),
};
