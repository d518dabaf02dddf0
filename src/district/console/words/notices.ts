import { type Text, text } from './text.ts';

/** What is said once after something was done; addresses carry only these names. */
export const notices = {
  'signed-out': text('已退出。', 'You are signed out.'),
  'password-set': text('密码已设定，请登录。', 'The password is set. Please sign in.'),
  'command-sent': text(
    '指令已发出，门禁的答复会出现在下方。',
    'The command is out. The gate’s reply appears below.',
  ),
  'gate-confirmed': text(
    '门禁已确认，名册从现在起发给它。',
    'The gate is confirmed and gets the roster from now on.',
  ),
  'gate-ended': text(
    '门禁已停用，它的密钥立即作废。',
    'The gate is out of use, and its key counts for nothing.',
  ),
  'asked-second': text(
    '已提交，请另一位同事在“待复核”里确认。',
    'Asked for. A second person has to approve it under “Approvals”.',
  ),
  'alarm-seen': text('报警已确认。', 'The alarm is acknowledged.'),
  'resident-added': text('住户已登记。', 'The resident is registered.'),
  'state-changed': text('状态已改，正在发往各门禁。', 'The state is changed and on its way to the gates.'),
  'pass-changed': text('来访码状态已改。', 'The visitor pass is changed.'),
  'release-registered': text(
    '已登记，签名无误。可以从一个门禁开始。',
    'Registered: the signature is good. It can begin with one gate.',
  ),
  'stage-begun': text('已开始，进展会出现在下方。', 'It has begun. How it goes appears below.'),
  'update-looked': text('已记下，您看过了。', 'Noted that you have looked.'),
  'release-stopped': text('已停止，不再下达。', 'Stopped. No further gate is ordered.'),
  approved: text('已批准并执行。', 'Approved and done.'),
  'approval-refused': text('已驳回。', 'Turned down.'),
  'account-disabled': text(
    '账号已停用，它的登录已全部结束。',
    'The account is disabled and its sessions are over.',
  ),
  'review-noted': text('已记下，您看过了。', 'Noted that you have looked at it.'),
  'application-sent': text(
    '已提交审核，请把回执号交给申请人。',
    'Sent for review. Please give the applicant the receipt number.',
  ),
  'application-accepted': text('上一份已通过。', 'The one before is accepted.'),
  'photo-for-guards': text(
    '上一份已通过，门卫查询时能看到小照片。',
    'The one before is accepted, and guards see its small copy.',
  ),
  'photo-without-copy': text(
    '上一份已通过，但没有小照片，门卫看不到。要给门卫看，请住户再提交一次。',
    'The one before is accepted without a small copy: guards see none. For that the resident sends it again.',
  ),
  'photo-removed': text(
    '照片已删除，门卫从现在起看不到。',
    'The photo is removed. From now on no guard is shown it.',
  ),
  'application-refused': text(
    '上一份未通过，申请人会看到理由。',
    'The one before is refused; the applicant is told why.',
  ),
  'application-withdrawn': text('已撤回，内容已删除。', 'Withdrawn; what was sent is erased.'),
  'appeal-applied': text('已更正，结果在下面。', 'Put into force. What changed is told below.'),
  imported: text('导入完成。', 'The import is done.'),
  'list-dropped': text('名单已丢弃，没有登记任何人。', 'The list is dropped. Nobody was entered.'),
  'check-started': text('核对已开始，结果会出现在下方。', 'The check has begun. Its result appears below.'),
  moved: text('已迁居，编号不变。', 'Moved. The index stays.'),
  left: text('已办理离开，编号已注销。', 'Has left. The index is revoked.'),
  'document-changed': text(
    '证件已更改，正在发往各门禁。',
    'The document is changed and on its way to the gates.',
  ),
  'person-changed': text('资料已更改。', 'The data is changed.'),
  replaced: text(
    '旧的已注销，请为新编号登记手机或打印新卡。',
    'The old one is revoked. Register the phone or print a card for the new index.',
  ),
} as const satisfies Readonly<Record<string, Text>>;

export type NoticeName = keyof typeof notices;

export function isNotice(name: string | undefined): name is NoticeName {
  return name !== undefined && Object.hasOwn(notices, name);
}
