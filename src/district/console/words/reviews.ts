import {
  type AppealType,
  type ApplicationKind,
  type ApplicationState,
  REFUSAL_REASONS,
} from '../../../wire/index.ts';
import { type Reasons, refusals } from './reasons.ts';
import { plain, type Text, text } from './text.ts';

/** What the pages about applications say. */
export const reviews = {
  title: text('待审核', 'Reviews'),
  about: text(
    '登记、照片和申诉，先到期的排在前面。自己录入的由别的审核员来审。',
    'Registrations, photos and appeals: what is due first comes first. Your own are decided by another reviewer.',
  ),
  waiting: text('等待中', 'Waiting'),
  none: text('没有等待审核的申请。', 'Nothing waits for review.'),
  closed: text('最近的结果', 'Lately decided'),
  noneClosed: text('还没有审核过申请。', 'Nothing was decided yet.'),
  all: text('全部', 'all'),
  overdue: text('已超时', 'overdue'),
  inTime: text('按时', 'in time'),
  kind: text('种类', 'Kind'),
  receipt: text('回执号', 'Receipt number'),
  submitted: text('提交', 'Sent'),
  submittedBy: text('提交者', 'Sent by'),
  due: text('期限', 'Due'),
  reviewer: text('审核员', 'Reviewer'),
  applier: text('更正者', 'Applied by'),
  decided: text('审核时间', 'Decided'),
  portal: text('住户门户', 'residents’ portal'),
  counter: text('窗口录入', 'Take one down'),
  open: text('打开', 'Open'),
  openLabel: text('打开 {receipt}', 'Open {receipt}'),
  data: text('提交的资料', 'What was sent'),
  erased: text(
    '提交的内容已按期删除，只留回执和结果。',
    'What was sent is erased on its date. Receipt and outcome stay.',
  ),
  registrarSees: text('资料只有审核员能看。', 'What was sent is for reviewers alone.'),
  photo: text('照片', 'Photo'),
  photoOf: text('提交的照片', 'The photo that was sent'),
  photoHeld: text('本人手持证件的照片', 'The applicant, holding the document'),
  advice: text('审核要点', 'What to look at'),
  resident: text('住户编号', 'Resident'),
  assurance: text('申请的认证等级', 'Level that is wanted'),
  level0: text('L0 未核实', 'L0 not verified'),
  level1: text('L1 按证件资料', 'L1 by the document’s data'),
  level2: text('L2 见过本人和证件', 'L2 person and document seen'),
  consent: text('告知书', 'Consent'),
  appealOf: text('被占用的', 'What somebody else has'),
  concerned: text('现有登记', 'As registered now'),
  concernedNone: text('没有找到被占用的登记。', 'Nobody has it.'),
  concernedAbout: text('请与照片中的证件对照。', 'Compare it with the document in the photo.'),
  reveal: text('查看完整资料', 'See all of it'),
  revealAbout: text(
    '选理由后显示一次，会记入操作日志。',
    'Shown once, for the purpose that you choose. The log keeps who looked and why.',
  ),
  decision: text('审核', 'Decide'),
  accept: text('通过', 'Accept'),
  acceptRegistration: text('通过并登记', 'Accept and register'),
  acceptAppeal: text('申诉成立', 'The appeal is right'),
  refuse: text('不通过', 'Refuse'),
  reasonLabel: text('不通过的理由', 'Why not'),
  words: text('补充说明', 'A note'),
  wordsHint: text(
    '申请人凭回执号能看到，请不写姓名和号码',
    'the applicant reads it by the receipt number: no names, no numbers',
  ),
  keys: text(
    '快捷键：Alt+A 通过，Alt+R 不通过，Alt+N 下一份',
    'Keys: Alt+A accept, Alt+R refuse, Alt+N next',
  ),
  own: text(
    '这是您录入的，请另一位审核员来审。',
    'You took this down yourself. Another reviewer decides it.',
  ),
  next: text('下一份', 'Next'),
  apply: text('更正', 'Put into force'),
  applyTitle: text('按申诉更正', 'Correct the register'),
  applyName: text('登记的姓名改为申诉人的姓名。', 'The registered name becomes the applicant’s.'),
  applyDocument: text(
    '这份登记归还申诉人，原有的码和卡全部作废，住处改为申诉人的房号。',
    'The record becomes the applicant’s. Every code and card under it is revoked, and the dwelling becomes the applicant’s.',
  ),
  applyPhone: text(
    '手机号从他人的登记中删除，归还申诉人。',
    'The number is taken off the others and goes to the applicant.',
  ),
  effect: text('更正结果', 'What was changed'),
  effectText: text(
    '更正登记 {records} 份，作废编号 {revoked} 个，迁居 {moved} 人',
    '{records} records corrected, {revoked} indexes revoked, {moved} moved',
  ),
  withdraw: text('撤回申请', 'Withdraw'),
  withdrawAbout: text(
    '申请人不再申请，内容立即删除。',
    'The applicant does not want it any more. What was sent is erased at once.',
  ),
  outcome: text('结果', 'Outcome'),
  giveReceipt: text('请把回执号交给申请人。', 'Please give the applicant the receipt number.'),
  download: text('下载照片回执', 'Download the receipt'),
  seeResident: text('查看住户', 'See the resident'),
  newTitle: text('窗口录入', 'Take an application down'),
  newAbout: text(
    '在窗口替申请人录入，由别的审核员来审，一个工作日内有结果。',
    'At the counter, for somebody who is there. Another reviewer decides it within one working day.',
  ),
  send: text('提交审核', 'Send for review'),
  consentVersion: text('告知书版本', 'Version of the consent text'),
  consentGiven: text('申请人已阅读告知书并同意', 'The applicant has read the consent text and agrees'),
  file: text('照片文件', 'The photo'),
  fileHint: text('JPEG、PNG 或 WebP，最大 4 MB', 'JPEG, PNG or WebP, at most 4 MB'),
  residentHint: text('住户页面上的编号', 'the index on the resident’s page'),
  forGuards: text('住户同意：门卫可以看到照片', 'The resident agrees that guards see the photo'),
  forGuardsHint: text(
    '门卫查询本人时，门卫屏显示一张小照片：限本小区的门禁，每次半分钟，门禁不保存。随时可以撤回；未成年人由监护人同意。',
    'A guard who looks this resident up is shown a small copy: at gates of the community alone, for half a minute, kept at no gate. It can be withdrawn at any time. For a minor a guardian agrees.',
  ),
  guards: text('给门卫看', 'For guards'),
  guardsAgreed: text('住户已同意', 'the resident agrees'),
  guardsShown: text('门卫能看到', 'shown to guards'),
  guardsNone: text('门卫看不到，没有小照片', 'not shown: there is no small copy'),
  copyTitle: text('门卫看到的照片', 'Guards will see this'),
  copyAbout: text(
    '通过后，门卫查询本人时看到的就是这张小照片。',
    'Once accepted, a guard who looks this resident up is shown this small copy.',
  ),
  copyFailed: text(
    '小照片没有画成。仍可通过，但门卫看不到照片。',
    'The small copy could not be drawn. The photo can be accepted, and guards see none.',
  ),
  copyScript: text(
    '浏览器没有运行脚本，画不出小照片。仍可通过，但门卫看不到照片。',
    'Without scripts no small copy is drawn. The photo can be accepted, and guards see none.',
  ),
  declared: text(
    '申请人声明以上资料属实，并知道虚假申诉的后果',
    'The applicant declares that all of it is true, and knows what a false appeal leads to',
  ),
  appealRoom: text('申诉人的房号', 'The applicant’s room'),
} as const satisfies Readonly<Record<string, Text>>;

export const applicationKinds: Readonly<Record<ApplicationKind, Text>> = {
  registration: text('登记', 'Registration'),
  photo: text('照片', 'Photo'),
  appeal: text('申诉', 'Appeal'),
};

export const applicationStates: Readonly<Record<ApplicationState, Text>> = {
  waiting: text('待审核', 'to be reviewed'),
  accepted: text('通过', 'accepted'),
  applied: text('已更正', 'in force'),
  refused: text('不通过', 'refused'),
  withdrawn: text('已撤回', 'withdrawn'),
};

/** An appeal that is right waits for one more step. */
export const toApply: Text = text('待更正', 'to be put into force');

export const appealTypes: Readonly<Record<AppealType, Text>> = {
  name: text('姓名', 'name'),
  document: text('证件', 'document'),
  phone: text('手机号', 'phone number'),
};

/** Short, as the reviewer chooses: what the applicant is told goes on with what to do. */
export function refusalReasons(kind: ApplicationKind): Reasons {
  return Object.fromEntries(REFUSAL_REASONS[kind].map((reason) => [reason, refusalReason(reason)]));
}

export function refusalReason(reason: string): Text {
  return refusals()[reason] ?? plain(reason);
}
