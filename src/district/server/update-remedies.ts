import type { Refused } from './refused.ts';

/** What is answered where a release is not taken, or a stage not begun. */
export const UPDATE_REMEDIES: Readonly<Record<string, Refused>> = {
  'no-makers-configured': {
    status: 409,
    text: 'updates.keys: the configuration names no makers of releases; name the folder of their public keys and start again',
    zh: '配置里没有指明发布方，请设置 updates.keys 并重新启动区中心。',
    en: 'The configuration names no makers. Please set updates.keys and start the district again.',
  },
  'bad-maker-keys': {
    status: 409,
    text: 'updates.keys: a file there is no public key; take the files as they were made',
    zh: '公钥文件夹里有不对的文件，请放入发布方原样的公钥。',
    en: 'A file among the makers’ keys is no public key. Please take the files as they were made.',
  },
  'no-makers': {
    status: 409,
    text: 'updates.keys: the folder has no public key; put a maker’s into it',
    zh: '公钥文件夹是空的，请放入发布方的公钥。',
    en: 'The folder of the makers’ keys is empty. Please put a maker’s public key into it.',
  },
  'no-release': {
    status: 400,
    text: 'release: is no signed text; send release.jws as its makers gave it',
    zh: '这不是签名的版本文件，请选发布方给的 release.jws。',
    en: 'This is no signed release. Please choose the release.jws from its makers.',
  },
  'unknown-maker': {
    status: 400,
    text: 'release: is signed by nobody whom the configuration names; get it from its makers',
    zh: '签名不是可信任的发布方的，请向发布方重新索取。',
    en: 'It is signed by nobody who is trusted here. Please get it from its makers.',
  },
  'other-document': {
    status: 400,
    text: 'release: is another signed document; send release.jws',
    zh: '这是另一种签名文件，请选 release.jws。',
    en: 'This is another signed document. Please choose release.jws.',
  },
  'bad-release': {
    status: 400,
    text: 'release: does not say what a release says; get it again from its makers',
    zh: '版本文件的内容不对，请向发布方重新索取。',
    en: 'It does not say what a release says. Please get it again from its makers.',
  },
  'release-ahead': {
    status: 409,
    text: 'release: is dated ahead of this machine’s clock; set the clock',
    zh: '版本的日期在将来，请先校准区中心的时钟。',
    en: 'It is dated ahead. Please set the district’s clock first.',
  },
  'release-expired': {
    status: 409,
    text: 'release: is out of date; get the newest one from its makers',
    zh: '这个版本已过期，请向发布方索取最新的。',
    en: 'It is out of date. Please get the newest one from its makers.',
  },
  'older-release': {
    status: 409,
    text: 'release: its number is lower than one that is registered; register the newest one',
    zh: '已登记过更新的版本，请登记最新的。',
    en: 'A newer one is registered already. Please register the newest.',
  },
  'known-release': {
    status: 409,
    text: 'release: one of this number is registered already; begin its stages',
    zh: '这个编号的版本已登记，可以直接开始下发。',
    en: 'This number is registered already. Its stages can begin.',
  },
  'no-such-release': {
    status: 404,
    text: 'release: none is registered under this number; see GET /api/updates',
    zh: '没有登记过这个版本，请刷新页面。',
    en: 'No such release is registered. Please look at the page again.',
  },
  'release-stopped': {
    status: 409,
    text: 'release: is stopped already; register a new one when it is needed',
    zh: '这个版本已停止。',
    en: 'This release is stopped already.',
  },
  'stage-waits': {
    status: 409,
    text: 'stage: none may begin now; see waitsFor at GET /api/updates',
    zh: '现在还不能开始，请看页面上的说明。',
    en: 'No stage can begin now. Please see what the page says.',
  },
  'stage-not-offered': {
    status: 409,
    text: 'stage: is not the next one; begin one of the offers of GET /api/updates',
    zh: '这不是下一阶段，请按页面上的顺序进行。',
    en: 'This is not the next stage. Please take the one that the page offers.',
  },
  'gate-takes-no-update': {
    status: 409,
    text: 'gate: is not connected, takes no orders to update, or has had this one; choose another',
    zh: '这个门禁不在线、不接受升级，或已升级过，请另选。',
    en: 'This gate is not connected, takes no updates, or has had this one. Please choose another.',
  },
  'nothing-failed': {
    status: 409,
    text: 'gate: nothing of it waits to be looked at; see GET /api/updates',
    zh: '这个门禁没有要查看的，请刷新页面。',
    en: 'Nothing waits to be looked at. Please see the page again.',
  },
  'staged-update': {
    status: 409,
    text: 'verb: updates are ordered in stages; see POST /api/updates/{release}/stages',
    zh: '升级要分阶段进行，请到“升级”页。',
    en: 'Updates go out in stages. Please use the page “Updates”.',
  },
};
