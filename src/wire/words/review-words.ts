import type { ApplicationKind, ApplicationState, RefusalReason } from '../reviews-http.ts';
import type { Both } from './person-words.ts';

/** What applicants and reviewers read of applications, Chinese and English: each refusal says what to do next. */
export const REFUSAL_WORDS: Readonly<Record<RefusalReason, Both>> = {
  'data-differs': {
    zh: '填写的资料与证件不一致；请对照证件重新提交',
    en: 'The data differs from the document; please send it again as the document shows it',
  },
  'room-unconfirmed': {
    zh: '房号未能核实；请带房产证或租房合同到社区',
    en: 'The room could not be confirmed; please bring a deed or a lease to the community office',
  },
  'owner-consent': {
    zh: '没有房主同意；请先取得房主同意再提交',
    en: 'The owner has not agreed; please ask the owner first',
  },
  'not-resident': {
    zh: '未能确认住在本小区；请到社区说明',
    en: 'Living in this community could not be confirmed; please come to the community office',
  },
  registered: {
    zh: '已经登记过；请直接使用，或提出申诉',
    en: 'Registered already; please use it, or appeal',
  },
  'face-unclear': {
    zh: '面部不清楚；请在光线好的地方重拍',
    en: 'The face is not clear; please take it again in good light',
  },
  'not-frontal': { zh: '不是正面；请正对镜头重拍', en: 'Not from the front; please face the camera' },
  covered: {
    zh: '面部有遮挡；请摘下帽子、口罩或墨镜重拍',
    en: 'The face is covered; please take off hat, mask or dark glasses',
  },
  shadow: { zh: '有阴影或反光；请换个光线重拍', en: 'There is shadow or glare; please change the light' },
  background: {
    zh: '背景不干净；请在白墙前重拍',
    en: 'The background is not free; please stand before a plain wall',
  },
  'not-the-person': {
    zh: '不是本人照片；请提交本人近照',
    en: 'Not a photo of this person; please send a recent one of yourself',
  },
  'photo-unclear': {
    zh: '手持证件的照片不清楚；请重拍，本人和证件都要看清',
    en: 'Person and document are not both clear in the photo; please take it again',
  },
  'not-the-holder': {
    zh: '未能确认是证件本人；请带证件到社区',
    en: 'That you are its holder could not be confirmed; please bring the document to the community office',
  },
  'nothing-taken': {
    zh: '没有找到被占用的登记；请直接登记',
    en: 'Nobody has it; please simply register',
  },
  other: { zh: '请看下面的说明，或到社区询问', en: 'Please read the note, or ask at the community office' },
};

const WAITS: Both = {
  zh: '正在等待审核，请保存好回执号，稍后再查。',
  en: 'It waits for a reviewer. Please keep the receipt number and ask again later.',
};

/** What to do now, by kind and state; a refusal says it itself. */
const NEXT: Readonly<Record<ApplicationKind, Readonly<Record<ApplicationState, Both>>>> = {
  registration: {
    waiting: WAITS,
    accepted: { zh: '已登记，可以领取通行码。', en: 'Registered. You can get your code now.' },
    applied: { zh: '已登记，可以领取通行码。', en: 'Registered. You can get your code now.' },
    refused: {
      zh: '改正后可以再次提交，不收费。',
      en: 'Please correct it and send it again, free of charge.',
    },
    withdrawn: { zh: '已撤回，可以再次提交。', en: 'Withdrawn. You may send it again.' },
  },
  photo: {
    waiting: WAITS,
    accepted: { zh: '照片合格，可以下载回执。', en: 'The photo is good. You can download its receipt.' },
    applied: { zh: '照片合格，可以下载回执。', en: 'The photo is good. You can download its receipt.' },
    refused: { zh: '重拍后可以再次提交，不收费。', en: 'Please take it again and send it, free of charge.' },
    withdrawn: { zh: '已撤回，可以再次提交。', en: 'Withdrawn. You may send it again.' },
  },
  appeal: {
    waiting: WAITS,
    accepted: {
      zh: '申诉成立，一个工作日内更正。',
      en: 'Your appeal is right. It is put into force within one working day.',
    },
    applied: {
      zh: '已更正，最晚次日早上生效；请重新领码。',
      en: 'Corrected, in force by the next morning at the latest. Please get a new code.',
    },
    refused: { zh: '补充材料后可以再次申诉。', en: 'You may appeal again with what was missing.' },
    withdrawn: { zh: '已撤回，可以再次申诉。', en: 'Withdrawn. You may appeal again.' },
  },
};

export function nextWords(kind: ApplicationKind, state: ApplicationState): Both {
  return NEXT[kind][state];
}
