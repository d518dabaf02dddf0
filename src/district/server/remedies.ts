import { ACCOUNT_REMEDIES } from './account-remedies.ts';
import { PERSON_REMEDIES } from './person-remedies.ts';

/** What the desk answers to a refusal of the house: at `/api` its status, the field, what is wrong, and what to do; to people a sentence. */
export interface Refused {
  readonly status: 400 | 401 | 403 | 404 | 409 | 413 | 415 | 429 | 503;
  readonly text: string;
  readonly zh: string;
  readonly en: string;
  /** Said as `Retry-After`. */
  readonly waitSeconds?: number;
}

export const REMEDIES: Readonly<Record<string, Refused>> = {
  'no-such-resident': {
    status: 404,
    text: 'index: no resident has it; look the resident up again',
    zh: '没有这个住户，请重新查找。',
    en: 'There is no such resident. Please look again.',
  },
  'not-in-good-standing': {
    status: 409,
    text: 'index: revoked or suspended; restore the resident first',
    zh: '此住户已注销或暂停，请先恢复。',
    en: 'Revoked or suspended. Please restore the resident first.',
  },
  'key-over': {
    status: 409,
    text: 'issuer key: its time to sign is over; rotate the key set',
    zh: '签发密钥已到期，请先轮换密钥。',
    en: 'The issuer key is over. Please rotate it first.',
  },
  'no-such-issuer': {
    status: 404,
    text: 'issuer: there is none of this name; see GET /api/issuers',
    zh: '没有这个签发单位，请重新选择。',
    en: 'There is no such issuer. Please choose again.',
  },
  'outside-issuer-scope': {
    status: 409,
    text: 'issuer: may not sign this kind or for this community; leave it out, or name another one',
    zh: '这个签发单位不能签这种码或这个小区，请换一个。',
    en: 'This issuer may not sign that kind, or not for this community. Please name another.',
  },
  'no-issuer': {
    status: 409,
    text: 'issuer: none may sign this kind for this community; widen one’s kinds or communities in the configuration',
    zh: '没有签发单位能为这个小区签这种码，请在配置里放宽范围。',
    en: 'No issuer may sign this kind for this community. Please widen one in the configuration.',
  },
  'outlives-key': {
    status: 409,
    text: 'days: would end after the issuer key; ask for fewer days, or rotate the issuer’s key',
    zh: '有效期超过签发密钥，请减少天数，或先轮换密钥。',
    en: 'It would outlive the issuer key. Please ask for fewer days, or rotate the key.',
  },
  'rotation-under-way': {
    status: 409,
    text: 'issuer: its next key waits until gates have it; wait, or withdraw the present one',
    zh: '新密钥还在等门禁收到，请稍候，或停用现在的密钥。',
    en: 'The next key waits until gates have it. Please wait, or withdraw the present one.',
  },
  'kids-exhausted': {
    status: 409,
    text: 'issuer: all 256 key numbers are taken by keys whose codes may live; wait until one has rested',
    zh: '密钥号已用完，请等旧密钥过期后再试。',
    en: 'All key numbers are taken. Please wait until one has rested.',
  },
  'no-such-key': {
    status: 404,
    text: 'kid: no living key has it; see GET /api/issuers',
    zh: '没有这个密钥号，请重新选择。',
    en: 'No living key has this number. Please choose again.',
  },
  'retired-already': {
    status: 409,
    text: 'kid: this key is withdrawn already',
    zh: '这个密钥已停用，不用再做。',
    en: 'This key is withdrawn already; nothing is to be done.',
  },
  'cut-off-ahead': {
    status: 400,
    text: 'cutOff: lies ahead; name the present or an earlier second',
    zh: '截止时间在将来，请填现在或更早的时间。',
    en: 'The cut-off lies ahead. Please name the present or an earlier second.',
  },
  ended: {
    status: 409,
    text: 'index: has ended already; look the resident up again',
    zh: '这个编号已停用，不能再改。',
    en: 'This index has ended and is not changed any more.',
  },
  'key-not-registered': {
    status: 409,
    text: 'publicKey: not a phone of this resident; register it first',
    zh: '这部手机没有登记在此住户名下，请先登记。',
    en: 'Not a phone of this resident. Please register it first.',
  },
  'no-short-codes': {
    status: 409,
    text: 'shortCodes: switched off in the district’s configuration; show the symbol, or switch them on',
    zh: '配置里没有开启短码，请出示二维码，或先开启。',
    en: 'Short codes are switched off. Please show the symbol, or switch them on in the configuration.',
  },
  'too-many-keys': {
    status: 409,
    text: 'publicKey: there is no place for one more phone; remove one first',
    zh: '手机数已满，请先移除一部。',
    en: 'No place for another phone. Please remove one first.',
  },
  'known-key': {
    status: 409,
    text: 'publicKey: registered already; make a new key on the phone',
    zh: '这部手机已登记过，请在手机上重新生成密钥。',
    en: 'Registered already. Please make a new key on the phone.',
  },
  'bad-proof': {
    status: 400,
    text: 'proof: not a kind 3 code of this key for this index and slot; sign it anew',
    zh: '手机的证明不对，请在手机上重新签。',
    en: 'The phone’s proof does not fit. Please sign it anew.',
  },
  'proof-too-old': {
    status: 400,
    text: 'proof: its second is too far from now; set the phone’s clock and sign anew',
    zh: '手机的时间差得太多，请先校准手机时间。',
    en: 'The phone’s clock is too far off. Please set it and sign anew.',
  },
  'no-such-gate': {
    status: 404,
    text: 'gate: none is enrolled under this name; enrol it first',
    zh: '没有这个门禁，请先登记。',
    en: 'There is no such gate. Please enrol it first.',
  },
  'bad-cursor': {
    status: 400,
    text: 'after: not a place of these pages; begin with the first one',
    zh: '翻页位置不对，请从第一页重新开始。',
    en: 'Not a place of these pages. Please begin with the first one.',
  },
  'no-such-alarm': {
    status: 404,
    text: 'id: this gate has no such alarm; list the alarms again',
    zh: '没有这个报警，它可能已被处理，请刷新页面。',
    en: 'There is no such alarm; it may be dealt with. Please look at the list again.',
  },
  'check-runs': {
    status: 409,
    text: 'chain: a check is running; wait until it has ended',
    zh: '另一次核对正在进行，请稍后再试。',
    en: 'Another check is running. Please try again soon.',
  },
  'gate-offline': {
    status: 409,
    text: 'gate: it is not connected; open it on the spot',
    zh: '门禁不在线，请到现场处理。',
    en: 'The gate is not connected. Please act on the spot.',
  },
  'no-such-community': {
    status: 404,
    text: 'community: not one of this district; name it in communities and start again',
    zh: '本区没有这个小区，请另选。',
    en: 'Not a community of this district. Please choose another.',
  },
  'address-not-printable': {
    status: 409,
    text: 'http.publicUrl: not an address that a symbol can carry; use https://HOST:PORT without a path',
    zh: '区中心的地址不能印进二维码，请把 http.publicUrl 设为 https://主机:端口。',
    en: 'The district’s address does not fit a symbol. Please set http.publicUrl to https://HOST:PORT.',
  },
  'too-many-tokens': {
    status: 409,
    text: 'gate: too many enrolments are open; wait ten minutes',
    zh: '同时登记的门禁太多，请十分钟后再试。',
    en: 'Too many enrolments are open. Please wait ten minutes.',
  },
  'too-many-attempts': {
    status: 429,
    text: 'token: too many attempts; wait a minute',
    zh: '尝试太多，请等一分钟。',
    en: 'Too many attempts. Please wait a minute.',
  },
  'bad-enrolment': {
    status: 403,
    text: 'token: used already, older than ten minutes, or not of this district; make a new enrolment',
    zh: '登记码用过了、超过十分钟或不属于本区，请重新生成。',
    en: 'The symbol was used, is older than ten minutes or not of this district. Please make a new one.',
  },
  'bad-enrolment-proof': {
    status: 403,
    text: 'proof: not by this device key for this token and root; scan the symbol anew',
    zh: '门禁的证明不对，请重新扫码。',
    en: 'The gate’s proof does not fit. Please scan the symbol anew.',
  },
  'bad-certificate-request': {
    status: 400,
    text: 'request: not a PKCS #10 request on P-256 that its own key has signed; make it anew',
    zh: '证书申请不对，请让门禁重新生成。',
    en: 'Not a request that its own key has signed. Please make it anew.',
  },
  'too-many-certificates': {
    status: 429,
    text: 'request: this gate has had several certificates today; wait a day',
    zh: '这个门禁今天申请的证书太多，请等一天。',
    en: 'This gate has had several certificates today. Please wait a day.',
  },
  'ended-key': {
    status: 403,
    text: 'deviceKey: this machine was reported stolen; reset it, so that it makes new keys, and enrol it anew',
    zh: '这台设备已报失窃，请先重置再登记。',
    en: 'This machine was reported stolen. Please reset it and enrol it anew.',
  },
  'other-name': {
    status: 409,
    text: 'deviceKey: this machine is enrolled under another name, and a gate is never renamed; retire that gate, reset this machine, and enrol it anew',
    zh: '这台设备已用别的名字登记，请先退役旧门禁并重置设备。',
    en: 'This machine is enrolled under another name. Please retire that gate and reset the machine.',
  },
  'other-fingerprint': {
    status: 409,
    text: 'fingerprint: not the one of the gate that was enrolled; compare again, or enrol the gate anew',
    zh: '指纹与门禁上显示的不同：请勿确认，重新登记。',
    en: 'Not the fingerprint of the gate that answered. Do not confirm it; please enrol the gate anew.',
  },
  'no-command-key': {
    status: 403,
    text: 'gate: this account gives no orders; ask an administrator for the role operator',
    zh: '此账号不能向门禁下指令，请管理员给予操作员角色。',
    en: 'This account gives no orders to gates. Please ask an administrator for the role operator.',
  },
  'key-not-known': {
    status: 503,
    text: 'gate: it does not know this account’s command key yet; try again in some seconds',
    zh: '门禁还不认识此账号的密钥，请几秒后再试。',
    en: 'The gate does not know this account’s key yet. Please try again in some seconds.',
    waitSeconds: 2,
  },
  'not-sent': {
    status: 503,
    text: 'gate: the broker did not take the command; try again',
    zh: '指令没有发出，请再试一次。',
    en: 'The command did not get out. Please try again.',
  },
  'household-full': {
    status: 409,
    text: 'room: this household has eight members; no order is left',
    zh: '这一户已满八人，请核对房号。',
    en: 'This household has eight members. Please check the room.',
  },
  'no-such-pass': {
    status: 404,
    text: 'pass: there is none under this number; look it up again',
    zh: '没有这个来访码，请重新查找。',
    en: 'There is no such pass. Please look again.',
  },
  ...ACCOUNT_REMEDIES,
  ...PERSON_REMEDIES,
  'too-many-listeners': {
    status: 503,
    text: 'live: too many screens listen; close one',
    zh: '同时打开的实时页面太多，请关掉几个。',
    en: 'Too many screens listen. Please close one.',
  },
};
