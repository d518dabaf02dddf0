import type { GuardDictionary } from './refusal-words.ts';

/** What a guard is told of a refusal in Chinese, apart from what residents are told: a page for guards carries no more. */
export const guardChinese: GuardDictionary = {
  'not-a-code': {
    cause: '不是通行码',
    guard: {
      sentence: '扫到的不是通行码。',
      next: '请对方打开“我的电子码”。连续多次如此，请检查扫码器设置。',
    },
  },
  unsupported: {
    cause: '通行码版本不支持',
    guard: { sentence: '通行码版本较新，本机暂不支持。', next: '请核实身份后放行，并报修：门禁需要升级。' },
  },
  malformed: {
    cause: '通行码不完整',
    guard: {
      sentence: '通行码没有读完整，或已损坏。',
      next: '请对方调亮屏幕重扫；连续多次如此，请检查扫码器设置。',
    },
  },
  'unknown-key': {
    cause: '签发密钥未知',
    guard: {
      sentence: '这个码的签发密钥不在本机名单里。',
      next: '请查询此人；本机数据可能很久没有更新，请检查网络。',
    },
  },
  'key-retired': {
    cause: '签发密钥已停用',
    guard: {
      sentence: '签发密钥已停用或不在有效期内。',
      next: '请对方联网刷新；无法联网的，请核实身份后放行。',
    },
  },
  'wrong-issuer': {
    cause: '签发单位无权',
    guard: { sentence: '签发单位无权签发此类码或本小区的码。', next: '请查询此人，按登记情况处理。' },
  },
  'not-on-roster': {
    cause: '不在本小区名册',
    guard: { sentence: '此人、同行人或此手机不在本小区名册。', next: '请查询此人；来访者请登记。' },
  },
  'bad-signature': {
    cause: '签名不符',
    guard: { sentence: '签名不符：码可能被改动或伪造。', next: '请核对证件；多次出现，请上报。' },
  },
  'not-yet-valid': {
    cause: '未到生效时间',
    guard: { sentence: '通行码尚未生效。', next: '请核对对方的手机时间或约定的来访时间。' },
  },
  expired: {
    cause: '已过期',
    guard: { sentence: '通行码已过期。', next: '请对方刷新；手机时间不准的，请改为自动设置。' },
  },
  'clock-unsure': {
    cause: '门禁时间不可靠',
    guard: { sentence: '本机时间不可靠，不能自动判断。', next: '请核实身份后手动放行，并检查网络。' },
  },
  revoked: {
    cause: '已注销',
    guard: { sentence: '此码已注销，可能是挂失的手机或卡。', next: '请核对证件；如非本人，请留意并上报。' },
  },
  suspended: {
    cause: '已暂停',
    guard: { sentence: '此码已暂停使用。', next: '请核对证件，按物业通知处理。' },
  },
  'needs-guard': {
    cause: '需门卫确认',
    guard: { sentence: '此码需要您确认。', next: '请核对本人，选择原因后放行。' },
  },
  'wrong-community': {
    cause: '不是本小区的来访码',
    guard: { sentence: '来访码对应的是其他小区。', next: '请核对对方要去的地址；来访本小区的，请登记。' },
  },
  'already-used': {
    cause: '已用过',
    guard: { sentence: '此码已用过，可能是截图或转发。', next: '请对方当面刷新；无法刷新的，请核对证件。' },
  },
  passback: {
    cause: '重复进入',
    guard: { sentence: '此人上次进入后没有出门记录。', next: '请核对本人；如是漏扫，请选择原因后放行。' },
  },
  'pass-used-up': {
    cause: '来访次数用完',
    guard: { sentence: '来访码次数已用完，或限走另一个门。', next: '请联系住户，确认后登记放行。' },
  },
  'outside-hours': {
    cause: '不在开放时间',
    guard: { sentence: '本通道现在不在开放时间。', next: '请指引对方走开放的门；有急事的，核对后放行。' },
  },
  'assurance-too-low': {
    cause: '核验级别不够',
    guard: { sentence: '此码的核验级别低于本通道要求。', next: '请当面核对证件后放行。' },
  },
  lockdown: {
    cause: '临时封闭',
    guard: { sentence: '本通道处于封闭状态。', next: '请按指令处理；确需放行的，请选择原因后手动开门。' },
  },
  'trust-stale': {
    cause: '门禁数据过期',
    guard: {
      sentence: '本机数据已过期，不能自动放行。',
      next: '请核实身份后手动放行，并请物业联网或用U盘更新。',
    },
  },
  'journal-unavailable': {
    cause: '无法记录',
    guard: {
      sentence: '本机无法写入记录，不会自动开门。',
      next: '请用开门按钮开门，在纸上登记，并立即报修。',
    },
  },
  'door-fault': {
    cause: '门故障',
    guard: { sentence: '门或继电器有故障。', next: '请手动开门，并立即报修。' },
  },
};
