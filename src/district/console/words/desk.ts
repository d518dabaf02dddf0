import type { ApprovalState, ACCOUNT_STATES } from '../../../wire/index.ts';
import type { DangerousAction } from '../../accounts/approval-rules.ts';
import type { IssuerState } from '../../keys/issuers.ts';
import { type Text, text } from './text.ts';

/** Keys and trust, enrolment, approvals, accounts and the audit log. */
export const trust = {
  title: text('密钥与文件', 'Keys and trust'),
  about: text(
    '门禁只信这里签过名的文件。到期前会在这里和首页提醒。',
    'Gates believe only what is signed here. What is about to end is told in time.',
  ),
  documents: text('已签名的文件', 'Signed documents'),
  document: text('文件', 'Document'),
  issued: text('签发于', 'Issued'),
  expires: text('到期', 'Expires'),
  left: text('剩余', 'Left'),
  fine: text('有效', 'valid'),
  soon: text('快到期', 'ends soon'),
  over: text('已过期', 'expired'),
  none: text('还没有签发文件。', 'No documents yet.'),
  warnSoon: text(
    '{name} 还有 {span} 到期，到一半寿命时本该已重签，请看日志。',
    '{name} ends in {span}. It should have been signed again at half of its life: please see the log.',
  ),
  warnOver: text(
    '{name} 已过期，门禁会停止放行。请立即处理。',
    '{name} has expired and gates stop opening. Please act now.',
  ),
  issuers: text('签发单位和密钥', 'Issuers and their keys'),
  issuer: text('签发单位', 'Issuer'),
  kid: text('密钥号', 'Key'),
  suite: text('算法', 'Suite'),
  signUntil: text('签发到', 'Signs until'),
  verifyUntil: text('认到', 'Believed until'),
  rotate: text('轮换签发密钥', 'Rotate an issuer’s key'),
  rotateAbout: text(
    '新密钥先发给门禁，门禁都有了才用它签。要两个人。',
    'The next key goes to the gates first and signs when they have it. Takes two people.',
  ),
  retire: text('紧急停用密钥', 'Withdraw a key'),
  retireAbout: text(
    '密钥泄露时用：它签过的码立即全部无效。要两个人。',
    'When a key has leaked: all codes it signed end at once. Takes two people.',
  ),
  askSecond: text('提交第二人复核', 'Ask for a second person'),
  bundle: text('离线文件包', 'Offline bundle'),
  bundleAbout: text(
    '用 U 盘带到断网的门禁：menwei trust import。',
    'Carried to a gate without network: menwei trust import.',
  ),
  download: text('下载文件包', 'Download the bundle'),
  root: text('信任根', 'Root'),
  rootAbout: text(
    '更换信任根要在离线机器上由两把根密钥签名，见 docs/operations.md。',
    'A new root is signed by two root keys on a machine without network: see docs/operations.md.',
  ),
  fingerprint: text('指纹', 'Fingerprint'),
} as const satisfies Readonly<Record<string, Text>>;

export const keyStates: Readonly<Record<IssuerState['state'], Text>> = {
  next: text('待启用', 'next'),
  signing: text('签发中', 'signing'),
  former: text('只验不签', 'believed, signs no more'),
  withdrawn: text('已停用', 'withdrawn'),
};

export const enrol = {
  title: text('登记新门禁', 'Enrol a gate'),
  about: text(
    '填好后得到一个十分钟内有效、只能用一次的二维码，让新门禁的读头扫它。',
    'You get a one-time symbol that holds for ten minutes. Let the new gate’s own reader scan it.',
  ),
  name: text('门禁名', 'Name of the gate'),
  nameHint: text('小写字母、数字和“-”，例如 north-1', 'a–z, 0–9 and -, for example north-1'),
  make: text('生成二维码', 'Make the symbol'),
  symbolTitle: text('登记 {gate}', 'Enrol {gate}'),
  scan: text('请用新门禁的读头扫这个码', 'Scan this with the new gate’s reader'),
  orType: text(
    '或在门禁上运行 menwei enrol，粘贴这段文字：',
    'Or run menwei enrol on the gate and paste this text:',
  ),
  left: text('剩余时间', 'Time left'),
  until: text('有效至 {time}', 'Valid until {time}'),
  waitingFor: text('等待门禁应答。', 'Waiting for the gate to answer.'),
  answered: text('门禁已应答，请对照指纹：', 'The gate has answered. Compare the fingerprint:'),
  compare: text('去确认', 'Go and confirm'),
  waiting: text('等待确认的门禁', 'Gates to be confirmed'),
  noneWaiting: text('没有等待确认的门禁。', 'No gate waits to be confirmed.'),
} as const satisfies Readonly<Record<string, Text>>;

export const approvals = {
  title: text('待复核', 'Approvals'),
  about: text(
    '要两个人做的事：一人申请，另一人看清内容再批准，十五分钟内有效。',
    'What takes two people: one asks, another reads it and approves, within fifteen minutes.',
  ),
  open: text('等待批准', 'Waiting'),
  decided: text('已处理', 'Decided'),
  none: text('没有等待批准的申请。', 'Nothing waits for a second person.'),
  noneDecided: text('还没有处理过的申请。', 'Nothing has been decided yet.'),
  action: text('事项', 'What'),
  release: text('版本号', 'Release'),
  stage: text('阶段', 'Stage'),
  body: text('内容', 'Exactly'),
  askedBy: text('申请人', 'Asked by'),
  askedAt: text('申请于', 'Asked'),
  expires: text('到期', 'Ends'),
  decidedBy: text('处理人', 'Decided by'),
  approve: text('批准并执行', 'Approve and do it'),
  refuse: text('驳回', 'Turn down'),
  takeBack: text('撤回', 'Take back'),
  own: text('您提出的申请，请另一位同事批准。', 'Your own request: a colleague has to approve it.'),
  sameOpener: text(
    '您和 {asker} 的账号都由 {opener} 开通，其中至少一个在近三十天内。批准前请当面确认申请的确实是另一个人；审计日志会记下这一点。',
    '{opener} opened both your account and that of {asker}, at least one within 30 days. Before you approve, see in person that somebody else asks; the audit log keeps this.',
  ),
} as const satisfies Readonly<Record<string, Text>>;

export const dangerous: Readonly<Record<DangerousAction, Text>> = {
  'rotate issuer key': text('轮换签发密钥', 'rotate an issuer’s key'),
  'retire issuer key': text('停用签发密钥', 'withdraw an issuer’s key'),
  'release doors': text('解除门的封闭或常开', 'release doors'),
  'update gates': text('给一个小区或全部门禁升级', 'update the gates of a community, or all'),
  'export persons': text('导出人员资料', 'export persons'),
};

export const approvalStates: Readonly<Record<ApprovalState, Text>> = {
  open: text('等待', 'waiting'),
  refused: text('已驳回', 'turned down'),
  expired: text('已过期', 'over'),
  approved: text('已批准', 'approved'),
  done: text('已执行', 'done'),
  failed: text('执行失败', 'failed'),
};

export const accounts = {
  title: text('账号', 'Accounts'),
  about: text(
    '每人一个账号。密码只有本人知道，用一次性邀请设定。',
    'One account for each person. Only they know the password: it is set with a one-time invitation.',
  ),
  name: text('账号', 'Account'),
  roles: text('角色', 'Roles'),
  signedIn: text('上次登录', 'Last signed in'),
  open: text('开账号', 'Open an account'),
  create: text('开账号并生成邀请', 'Open it and make the invitation'),
  nameHint: text('小写字母、数字和“-”，例如 li-wei', 'a–z, 0–9 and -, for example li-wei'),
  invite: text('重发邀请', 'Invite again'),
  disable: text('停用', 'Disable'),
  none: text('还没有账号。', 'No accounts yet.'),
  invitationTitle: text('{account} 的邀请', 'Invitation for {account}'),
  invitationAbout: text(
    '请当面或用安全渠道交给本人，在“设定密码”页填写，{time} 前有效。',
    'Give it to the person directly. It is filled in under “Set your password”, until {time}.',
  ),
  never: text('从未', 'never'),
} as const satisfies Readonly<Record<string, Text>>;

export const accountStates: Readonly<Record<(typeof ACCOUNT_STATES)[number], Text>> = {
  active: text('正常', 'active'),
  invited: text('已邀请', 'invited'),
  disabled: text('已停用', 'disabled'),
};

export const audit = {
  title: text('操作日志', 'Audit log'),
  about: text(
    '谁在何时对哪个编号做了什么。不记姓名和证件号，不能修改。',
    'Who did what to which number, and when. It holds no names, and cannot be changed.',
  ),
  account: text('账号', 'Account'),
  action: text('操作', 'Action'),
  subject: text('对象', 'Subject'),
  outcome: text('结果', 'Outcome'),
  found: text('记录', 'Entries'),
  searchAbout: text(
    '操作按日志里的英文查，例如 export；操作和对象填一部分即可。',
    'Actions and subjects are found by a part of them, for example export or a gate’s name.',
  ),
  none: text('没有符合条件的操作。', 'Nothing fits.'),
} as const satisfies Readonly<Record<string, Text>>;
