import { type Text, text } from './text.ts';

/** What went wrong, and what to do: for every refusal of the district's services that a form can meet. */
const problems: Readonly<Record<string, Text>> = {
  'no-such-resident': text('没有这个住户，请重新查找。', 'There is no such resident. Please look again.'),
  'not-in-good-standing': text(
    '此住户已注销或暂停，请先恢复。',
    'Revoked or suspended. Please restore the resident first.',
  ),
  'key-over': text('签发密钥已到期，请先轮换密钥。', 'The issuer key is over. Please rotate it first.'),
  'too-many-keys': text('手机数已满，请先移除一部。', 'No place for another phone. Please remove one first.'),
  'no-such-gate': text('没有这个门禁，请先登记。', 'There is no such gate. Please enrol it first.'),
  'gate-offline': text('门禁不在线，请到现场处理。', 'The gate is not connected. Please act on the spot.'),
  'no-command-key': text(
    '此账号不能向门禁下指令，请管理员给予操作员角色。',
    'This account gives no orders to gates. Please ask an administrator for the role operator.',
  ),
  'key-not-known': text(
    '门禁还不认识此账号的密钥，请几秒后再试。',
    'The gate does not know this account’s key yet. Please try again in some seconds.',
  ),
  'too-many-operators': text(
    '操作员已满 500 人，请先收回一个账号的角色。',
    'There are 500 operators. Please take the role from one account first.',
  ),
  'not-sent': text('指令没有发出，请再试一次。', 'The command did not get out. Please try again.'),
  'no-such-community': text(
    '本区没有这个小区，请另选。',
    'Not a community of this district. Please choose another.',
  ),
  'address-not-printable': text(
    '区中心的地址不能印进二维码，请把 http.publicUrl 设为 https://主机:端口。',
    'The district’s address does not fit a symbol. Please set http.publicUrl to https://HOST:PORT.',
  ),
  'too-many-tokens': text(
    '同时登记的门禁太多，请十分钟后再试。',
    'Too many enrolments are open. Please wait ten minutes.',
  ),
  'other-fingerprint': text(
    '指纹与门禁上显示的不同：请勿确认，重新登记。',
    'Not the fingerprint of the gate that answered. Do not confirm it; please enrol the gate anew.',
  ),
  'household-full': text(
    '这一户已满八人，请核对房号。',
    'This household has eight members. Please check the room.',
  ),
  'no-such-pass': text('没有这个访客码，请重新查找。', 'There is no such pass. Please look again.'),
  'bad-form': text(
    '这张表单已用过或已过期，请再填一次。',
    'This form was used already or is too old. Please send it again.',
  ),
  'wrong-password': text('账号或密码不对，请再试一次。', 'Name or password is not right. Please try again.'),
  'busy-with-passwords': text(
    '现在登录的人太多，请稍后再试。',
    'Too many are signing in. Please try again in a moment.',
  ),
  'too-many-tries': text('尝试太多，请几分钟后再试。', 'Too many tries. Please wait some minutes.'),
  'bad-invitation': text(
    '邀请无效或已过期，请向管理员要新的。',
    'The invitation is not valid or over. Please ask the administrator for a new one.',
  ),
  'passwords-differ': text(
    '两次输入的密码不同，请再输入。',
    'The two passwords differ. Please type them again.',
  ),
  'short-password': text(
    '密码至少 12 个字符，请换长一些的。',
    'A password has at least 12 characters. Please choose a longer one.',
  ),
  'weak-password': text('这个密码太常见，请换一个。', 'This password is too common. Please choose another.'),
  'name-in-password': text(
    '密码里不能有账号名，请换一个。',
    'A password must not hold the account’s name. Please choose another.',
  ),
  'known-account': text(
    '已有这个账号，请换一个名字。',
    'There is such an account. Please choose another name.',
  ),
  'own-account': text(
    '不能对自己的账号这样做，请另一位管理员来做。',
    'Not on your own account. Please ask another administrator.',
  ),
  'own-approval': text(
    '不能批准自己的申请，请另一位同事来批。',
    'Nobody approves their own request. Please ask a colleague.',
  ),
  'no-such-approval': text('这项申请已处理或已过期。', 'This request is decided or over.'),
  'changed-body': text('申请内容与显示的不同，请再看一遍。', 'Not what was shown. Please look at it again.'),
  'not-allowed': text(
    '您的角色不能做这件事，请找有此角色的同事。',
    'Your role does not allow this. Please ask a colleague whose role does.',
  ),
  'gate-name': text(
    '门禁名只能用小写字母、数字和“-”，最多 32 个。',
    'A gate’s name is 1 to 32 of a–z, 0–9 and “-”. Please correct it.',
  ),
  fingerprint: text(
    '指纹是 64 个十六进制字符，请对照门禁屏幕再选。',
    'A fingerprint has 64 hexadecimal characters. Please compare with the gate’s screen.',
  ),
  reason: text('请选一个理由。', 'Please choose a reason.'),
  number: text('请填数字。', 'Please fill in a number.'),
  date: text('时间不对，请用日历选择。', 'Not a time. Please choose it from the calendar.'),
  room: text('请填房号，最多 64 字。', 'Please fill in the room, at most 64 characters.'),
  display: text('请填打码后的称呼，例如“张*”。', 'Please fill in a masked name, such as 张*.'),
  days: text('有效天数为 1 到 366。', 'A card is good for 1 to 366 days.'),
  ended: text('这个编号已停用，不能再改。', 'This index has ended and is not changed any more.'),
  'no-such-account': text('没有这个账号。', 'There is no such account.'),
  'reserved-name': text(
    '这个名字另有用途，请换一个。',
    'This name has a meaning of its own. Please choose another.',
  ),
  'last-administrator': text(
    '最后一位管理员不能停用，请先开一个新的。',
    'The last administrator stays. Please open another one first.',
  ),
  'unknown-action': text('这件事在这里不能申请。', 'This cannot be asked for here.'),
  'bad-body': text('内容不完整，请再填一次。', 'Not complete. Please fill it in again.'),
  'not-yours-to-ask': text(
    '您的角色不能申请，请找有此角色的同事。',
    'Not for your role to ask. Please ask a colleague whose role it is.',
  ),
  'not-yours-to-approve': text(
    '您的角色不能批准，请找有此角色的同事。',
    'Not for your role to decide. Please ask a colleague whose role it is.',
  ),
  'related-approver': text(
    '您的账号由申请人开通，请另一位同事来批。',
    'One of you invited the other. Please ask another colleague.',
  ),
  'asker-gone': text('申请人已不能登录或没有此角色。', 'Who asked may no longer do this.'),
  'approval-over': text('这项申请已过期，请重新申请。', 'This request is over. Please ask again.'),
  'approval-decided': text('这项申请已处理。', 'This request is decided already.'),
  'approved-failed': text(
    '已批准，但没有做成，请看日志。',
    'Approved, but it could not be done: please see the log.',
  ),
  'too-many-approvals': text(
    '待复核的太多，请先处理几项。',
    'Too many requests wait. Please decide some first.',
  ),
  roles: text('请至少选一个角色。', 'Please choose at least one role.'),
  account: text(
    '账号用 2 到 32 个小写字母、数字或“-”。',
    'An account’s name is 2 to 32 of a–z, 0–9 and “-”.',
  ),
  file: text('请选一个 CSV 或 XLSX 文件，最大 32 MB。', 'Please choose a CSV or XLSX file of at most 32 MB.'),
  'last-six': text('请填后六位和出生日期。', 'Please fill in the last six and the date of birth.'),
  'not-sure': text('请先勾选确认。', 'Please tick the box to confirm first.'),
  'import-runs': text(
    '另一份名单正在导入，请稍后再试。',
    'Another list is being entered. Please try again soon.',
  ),
  'list-gone': text(
    '这份名单已不在，请重新选择文件。',
    'This list is not here any more. Please choose it again.',
  ),
  'bad-rows': text(
    '名单里有错的行，请改正，或跳过这些行。',
    'Some rows are wrong. Correct them, or leave them out.',
  ),
  'check-runs': text('另一次核对正在进行，请稍后再试。', 'Another check is running. Please try again soon.'),
  'fields-wrong': text('有几项要改，请看各项下面的说明。', 'Some fields need correcting: see below each.'),
  'no-such-person': text('没有这个人，请重新查找。', 'Nobody has this number. Please look again.'),
  'lives-there': text('已登记在这个房号，不用再做。', 'Lives there already; nothing is to be done.'),
  'lives-there-otherwise': text(
    '已登记在这个房号，但资料不同，请在住户页更改。',
    'Lives there already with other data. Please change those on the resident’s page.',
  ),
  'lives-elsewhere': text(
    '已登记在本小区另一房号，请在住户页办理迁居。',
    'Lives in another room of the community. Please move the resident instead.',
  ),
  'document-taken': text(
    '此证件已登记在另一姓名下，请核对，或由本人申诉。',
    'The document is registered under another name. Compare it, or let its holder appeal.',
  ),
  'document-cancelled': text(
    '证件已注销，请登记新证件，或先恢复。',
    'The document is cancelled. Enter the new one, or restore it.',
  ),
  'document-in-force': text(
    '证件没有注销，不用恢复。',
    'The document is not cancelled; nothing is to be restored.',
  ),
  purpose: text('请选一个查看理由。', 'Please choose what it is for.'),
  'too-often-index': text(
    '为这位住户发码太多，请等一分钟。',
    'Too many codes for this resident. Please wait a minute.',
  ),
  'too-often-session': text('您发码太多，请等一分钟。', 'You made too many codes. Please wait a minute.'),
  unknown: text(
    '没有做成，请再试；仍不行，请看日志。',
    'It was not done. Please try again; if it fails again, see the log.',
  ),
};

/** @param name as a service of the district refuses; one that is not known is told as such, and never repeated */
export function problemText(name: string): Text {
  return (
    (Object.hasOwn(problems, name) ? problems[name] : undefined) ??
    text(
      '没有做成，请再试；仍不行，请看日志。',
      'It was not done. Please try again; if it fails again, see the log.',
    )
  );
}

export const pageProblems = {
  notFound: text('这里没有您要找的', 'There is nothing here'),
  notFoundNext: text(
    '它可能已被移走。请从菜单重新查找。',
    'It may have been moved. Please look for it from the menu.',
  ),
  tooLarge: text('发来的内容太大', 'That was too large'),
  tooLargeNext: text(
    '请返回；名单文件最大 32 MB，再大请按楼栋分成几份。',
    'Please go back. A list has at most 32 MB: split a larger one, for example by building.',
  ),
  forbidden: text('此页不对您的角色开放', 'This page is not open to your role'),
  forbiddenNext: text(
    '请找有此角色的同事，或请管理员调整。',
    'Please ask a colleague whose role it is, or the administrator.',
  ),
} as const;
