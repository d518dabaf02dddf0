import type { DeskProblem, LookUpPurpose } from '../../../wire/index.ts';
import { text, type Text } from '../../kit/index.ts';

/** What is said before the shift, and what goes wrong at the desk. */

export const signIn = {
  title: text('门卫登录', 'Guard sign-in'),
  again: text('请再输一次 PIN', 'Your PIN again, please'),
  whyIdle: text('一段时间没有操作，已锁定。', 'Locked: nothing was done here for a while.'),
  whyEnded: text('登录时间已到。', 'The time of your sign-in is over.'),
  whyElsewhere: text('这个账号已在另一处登录。', 'This account has signed in elsewhere.'),
  account: text('工号或岗位', 'Staff number or post'),
  accountHint: text('例如 g-07', 'For example g-07'),
  secret: text('PIN', 'PIN'),
  password: text('密码', 'Password'),
  usePassword: text('改用密码', 'Use a password'),
  usePin: text('改用 PIN', 'Use a PIN'),
  enter: text('登录', 'Sign in'),
  working: text('请稍候', 'One moment'),
  other: text('换一个人', 'Somebody else'),
  invited: text('第一次使用？用八位数字开始', 'New here? Begin with eight digits'),
  back: text('返回登录', 'Back to sign-in'),
  help: text('一页说明', 'Help on one page'),
  called: text('有人等您，请输 PIN', 'Somebody waits for you: your PIN, please'),
  firstTitle: text('设置第一个门卫账号', 'Set up the first guard’s account'),
  firstNext: text(
    '请输入门禁显示屏或机器终端上的八位数字，再设自己的 PIN。',
    'Type the eight digits that the gate shows on its display or terminal, then choose your PIN.',
  ),
  beginTitle: text('用邀请码开始', 'Begin with an invitation'),
  beginNext: text(
    '请输入班长给您的八位数字，再设自己的 PIN。',
    'Type the eight digits that your head guard gave you, then choose your PIN.',
  ),
  code: text('八位数字', 'Eight digits'),
  newSecret: text('新 PIN（至少 6 位）或密码', 'New PIN (6 digits or more) or password'),
  repeat: text('再输一次', 'The same again'),
  differs: text('两次输入不一样，请重新输入', 'The two differ; type them again'),
  shortSecret: text('至少 6 位', 'At least 6'),
  codeShape: text('应为八位数字', 'Eight digits'),
  accountShape: text(
    '用 2 至 32 个小写字母、数字或“-”，不要用姓名',
    'Use 2 to 32 of a-z, 0-9 and “-”; no name',
  ),
  begin: text('开始使用', 'Begin'),
  erase: text('删除', 'Delete'),
  pad: text('数字键盘', 'Number pad'),
  handOver: text('上一班的交接', 'From the guard before'),
  noHandOver: text('上一班没有留言。', 'The guard before left no note.'),
  shiftTitle: text('开始上班', 'Start your shift'),
  shiftNext: text(
    '看过交接后开始。您的操作都会记在您的工号下。',
    'Read the note, then start. What you do is recorded under your number.',
  ),
  startShift: text('开始上班', 'Start the shift'),
  leave: text('退出登录', 'Sign out'),
} as const satisfies Readonly<Record<string, Text>>;

export interface Said {
  readonly title: Text;
  readonly next: Text;
}

/** Besides the desk's own: the gate that does not answer, and an answer that nobody understands. */
export type PageProblem = DeskProblem | 'no-answer' | 'unknown';

export const problems: Readonly<Record<PageProblem, Said>> = {
  'signed-out': {
    title: text('您已退出登录', 'You are signed out'),
    next: text('请重新登录。', 'Sign in again, please.'),
  },
  'wrong-secret': {
    title: text('工号或 PIN 不对', 'The number or the PIN is not right'),
    next: text(
      '请检查后再输。忘了 PIN，请班长解锁并给您新的八位数字。',
      'Check both and try again. If you forgot it, your head guard can give you new digits.',
    ),
  },
  locked: {
    title: text('输错太多次，暂时锁定', 'Locked for now: too many wrong tries'),
    next: text('请稍后再试，或请班长解锁。', 'Wait, or ask your head guard to unlock you.'),
  },
  'no-shift': {
    title: text('还没有开始上班', 'Your shift has not begun'),
    next: text('请先开始上班，再操作。', 'Start your shift first.'),
  },
  'head-only': {
    title: text('需要班长操作', 'Only a head guard may do this'),
    next: text('请班长登录后操作。', 'Ask a head guard to sign in and do it.'),
  },
  'wrong-code': {
    title: text('八位数字不对，或已过期', 'The eight digits are wrong or no longer valid'),
    next: text(
      '请对照门禁或纸条重输；仍不行，请要新的。',
      'Compare them and try again, or ask for new ones.',
    ),
  },
  'account-exists': {
    title: text('这个工号已经有人用了', 'This number is taken'),
    next: text('请换一个，或给原账号解锁。', 'Choose another, or unlock the one there is.'),
  },
  'account-unknown': {
    title: text('没有这个工号', 'There is no such number'),
    next: text('请刷新名单再看。', 'Look at the list again.'),
  },
  'weak-secret': {
    title: text('这个 PIN 太容易猜，或与现在的相同', 'This PIN is easily guessed, or the one you have'),
    next: text(
      '请换一个，不要用 123456、生日或重复的数字。',
      'Choose another: no 123456, birthday or repeated digits.',
    ),
  },
  invalid: {
    title: text('填写的内容不对', 'Something is not filled in rightly'),
    next: text('请检查后再试。', 'Check it and try again.'),
  },
  'second-wrong': {
    title: text('第二人的工号或 PIN 不对', 'The second guard’s number or PIN is not right'),
    next: text('请第二人重新输入。', 'Ask the second guard to type it again.'),
  },
  'second-same': {
    title: text('第二人须是另一个人', 'The second guard must be somebody else'),
    next: text('请另一名当班人员输入。', 'Ask a colleague to sign.'),
  },
  'lane-unknown': {
    title: text('没有这个通道', 'There is no such lane'),
    next: text('请重新选择通道。', 'Choose the lane again.'),
  },
  'person-unknown': {
    title: text('名册里没有此人', 'This person is not on the roster'),
    next: text('请重新查询，或按访客登记。', 'Look again, or register them as a visitor.'),
  },
  'nothing-to-undo': {
    title: text('已经不能撤销', 'Too late to take back'),
    next: text(
      '超过了时间，或已有人通过。记录会保留。',
      'The time is over, or somebody passed. The record stays.',
    ),
  },
  'alarm-unknown': {
    title: text('这条报警已经处理过', 'This alarm was dealt with already'),
    next: text('不用再做什么。', 'Nothing more to do.'),
  },
  'too-many': {
    title: text('次数太多，请稍等', 'Too many in a short time'),
    next: text(
      '请稍等片刻再试；急需放行的，核对证件后手动开门。',
      'Wait a moment; who must come in now is let in by hand, after a look at the document.',
    ),
  },
  'not-recorded': {
    title: text('记录写不进去，没有开门', 'It could not be recorded, so nothing was opened'),
    next: text(
      '请用墙上的开门按钮，在纸上登记，并立即报修。',
      'Use the door button, write it on paper, and call for repair.',
    ),
  },
  'not-readable': {
    title: text('记录读不出来', 'The records cannot be read'),
    next: text(
      '请当面清点、纸上登记，并立即报修。请不要断电。',
      'Count people in person, write on paper, call for repair. Do not cut the power.',
    ),
  },
  'door-faulty': {
    title: text('已记录，但门没有反应', 'Recorded, but the door does not answer'),
    next: text(
      '请用墙上的开门按钮或钥匙开门，并报修。',
      'Use the door’s button or key, and call for repair.',
    ),
  },
  'door-released': {
    title: text('已记录，火警已放开门', 'Recorded; the fire release holds the doors open'),
    next: text('不用再开门，请引导撤离。', 'Nothing needs opening. Lead people out.'),
  },
  'no-list': {
    title: text('本门禁没有住户名单', 'This gate has no list of residents'),
    next: text(
      '请看证件后放行，在纸上登记，并请物业联网更新。',
      'Check the document, let in, write it on paper; have the gate updated.',
    ),
  },
  'no-short-code': {
    title: text('本小区没有开通短码', 'This community gives no short codes'),
    next: text('请用证件号、房号或姓名查。', 'Look up by document, room or name.'),
  },
  'short-code-used': {
    title: text('这个短码刚才用过', 'This short code was shown before'),
    next: text('一分钟内会换新的，请对方再念一次。', 'A new one comes within a minute: ask for it.'),
  },
  'no-photo': {
    title: text('没有可看的照片', 'No photo to show'),
    next: text('请核对证件。', 'Compare the document.'),
  },
  'photo-offline': {
    title: text('照片暂时取不到', 'The photo cannot be fetched now'),
    next: text('请核对证件。', 'Compare the document.'),
  },
  'own-account': {
    title: text('这是您自己的账号', 'This is your own account'),
    next: text(
      '请用“我的 PIN”换 PIN，或请另一名班长操作。',
      'Change your PIN in “My PIN”, or ask another head guard.',
    ),
  },
  'last-head': {
    title: text('这是最后一名班长', 'This is the last head guard'),
    next: text('请先邀请另一名班长。', 'Invite another head guard first.'),
  },
  'too-many-accounts': {
    title: text('账号太多了', 'There are too many accounts'),
    next: text('请给停用的账号解锁，交给新门卫用。', 'Unlock a disabled one for the next guard.'),
  },
  'personal-note': {
    title: text('留言里好像有住户的号码', 'The note seems to hold somebody’s number'),
    next: text('请删去号码和姓名，只写门的事。', 'Take it out: write about the gate, not about people.'),
  },
  closed: {
    title: text('门卫台打不开', 'The desk cannot be opened'),
    next: text(
      '门禁照常工作。请用墙上的开门按钮，在纸上登记，并报修。',
      'The gate goes on. Use the door button, write on paper, call for repair.',
    ),
  },
  busy: {
    title: text('门禁正忙', 'The gate is busy'),
    next: text('请过几秒再试。', 'Try again in a few seconds.'),
  },
  'no-answer': {
    title: text('门禁没有回答', 'The gate did not answer'),
    next: text('请再按一次，不会重复开门。', 'Press again: it will not be done twice.'),
  },
  unknown: {
    title: text('没有做成', 'It was not done'),
    next: text('请再试；仍不行，请报修。', 'Try again; if it goes on, call for repair.'),
  },
};

export const purposes: Readonly<Record<LookUpPurpose, Text>> = {
  'no-phone': text('没带手机', 'No phone'),
  'code-refused': text('码刷不过', 'Code refused'),
  visitor: text('访客找住户', 'Visitor’s host'),
  delivery: text('快递外卖', 'Delivery'),
  safety: text('安全需要', 'Safety'),
  other: text('其他', 'Other'),
};

export function secondsLeft(seconds: number): Text {
  return text(`${seconds} 秒`, `${seconds} s`);
}
