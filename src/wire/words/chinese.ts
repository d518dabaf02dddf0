import type { Words } from './refusal-words.ts';

/** Simplified Chinese, as it is said at a gate: polite, short, always with a next step. */
export const chinese: Words = {
  refusals: {
    'not-a-code': {
      cause: '不是通行码',
      resident: { sentence: '这不是通行码。', next: '请打开“我的电子码”，再扫一次。' },
      guard: {
        sentence: '扫到的不是通行码。',
        next: '请对方打开“我的电子码”。连续多次如此，请检查扫码器设置。',
      },
    },
    unsupported: {
      cause: '通行码版本不支持',
      resident: { sentence: '本机暂不支持这种通行码。', next: '请刷新通行码；仍不行，请找门卫。' },
      guard: { sentence: '通行码版本较新，本机暂不支持。', next: '请核实身份后放行，并报修：门禁需要升级。' },
    },
    malformed: {
      cause: '通行码不完整',
      resident: { sentence: '您的码没有读完整。', next: '请调亮屏幕，把码放平，再扫一次。' },
      guard: {
        sentence: '通行码没有读完整，或已损坏。',
        next: '请对方调亮屏幕重扫；连续多次如此，请检查扫码器设置。',
      },
    },
    'unknown-key': {
      cause: '签发密钥未知',
      resident: { sentence: '无法识别这个码的签发单位。', next: '请联网刷新通行码；仍不行，请找门卫。' },
      guard: {
        sentence: '这个码的签发密钥不在本机名单里。',
        next: '请查询此人；本机数据可能很久没有更新，请检查网络。',
      },
    },
    'key-retired': {
      cause: '签发密钥已停用',
      resident: { sentence: '您的码需要更新。', next: '请联网刷新通行码，再扫一次。' },
      guard: {
        sentence: '签发密钥已停用或不在有效期内。',
        next: '请对方联网刷新；无法联网的，请核实身份后放行。',
      },
    },
    'wrong-issuer': {
      cause: '签发单位无权',
      resident: { sentence: '这个码不适用于本小区。', next: '请打开本区的“我的电子码”，或找门卫。' },
      guard: { sentence: '签发单位无权签发此类码或本小区的码。', next: '请查询此人，按登记情况处理。' },
    },
    'not-on-roster': {
      cause: '不在本小区名册',
      resident: {
        sentence: '本小区名册里没有查到您的登记。',
        next: '请找门卫登记；刚换手机的，请先联网刷新。',
      },
      guard: { sentence: '此人、同行人或此手机不在本小区名册。', next: '请查询此人；来访者请登记。' },
    },
    'bad-signature': {
      cause: '签名不符',
      resident: { sentence: '无法确认这个码的真伪。', next: '请刷新通行码，再扫一次；仍不行，请找门卫。' },
      guard: { sentence: '签名不符：码可能被改动或伪造。', next: '请核对证件；多次出现，请上报。' },
    },
    'not-yet-valid': {
      cause: '未到生效时间',
      resident: { sentence: '您的码还没到生效时间。', next: '请核对手机时间和约定的来访时间。' },
      guard: { sentence: '通行码尚未生效。', next: '请核对对方的手机时间或约定的来访时间。' },
    },
    expired: {
      cause: '已过期',
      resident: { sentence: '您的码已过期。', next: '请点“刷新”，再扫一次。' },
      guard: { sentence: '通行码已过期。', next: '请对方刷新；手机时间不准的，请改为自动设置。' },
    },
    'clock-unsure': {
      cause: '门禁时间不可靠',
      resident: { sentence: '门禁正在校准时间，您的码没有问题。', next: '请找门卫协助通行。' },
      guard: { sentence: '本机时间不可靠，不能自动判断。', next: '请核实身份后手动放行，并检查网络。' },
    },
    revoked: {
      cause: '已注销',
      resident: { sentence: '这个码已经注销。', next: '请登录后重新领码，或带证件找门卫。' },
      guard: { sentence: '此码已注销，可能是挂失的手机或卡。', next: '请核对证件；如非本人，请留意并上报。' },
    },
    suspended: {
      cause: '已暂停',
      resident: { sentence: '您的码已暂停使用。', next: '请带证件找门卫，或在“我的信息”里查看原因。' },
      guard: { sentence: '此码已暂停使用。', next: '请核对证件，按物业通知处理。' },
    },
    'needs-guard': {
      cause: '需门卫确认',
      resident: { sentence: '请稍候，需要门卫确认。', next: '请到岗亭，由门卫核对。' },
      guard: { sentence: '此码需要您确认。', next: '请核对本人，选择原因后放行。' },
    },
    'wrong-community': {
      cause: '不是本小区的来访码',
      resident: { sentence: '这是另一个小区的来访码。', next: '请核对地址，或请住户重新发一个。' },
      guard: { sentence: '来访码对应的是其他小区。', next: '请核对对方要去的地址；来访本小区的，请登记。' },
    },
    'already-used': {
      cause: '已用过',
      resident: { sentence: '这个码刚才用过了。', next: '请点“刷新”，用新码再扫一次。' },
      guard: { sentence: '此码已用过，可能是截图或转发。', next: '请对方当面刷新；无法刷新的，请核对证件。' },
    },
    passback: {
      cause: '重复进入',
      resident: { sentence: '记录显示您已在小区内。', next: '如果上次出门没有扫码，请找门卫说明。' },
      guard: { sentence: '此人上次进入后没有出门记录。', next: '请核对本人；如是漏扫，请选择原因后放行。' },
    },
    'pass-used-up': {
      cause: '来访次数用完',
      resident: {
        sentence: '来访码在这个门的次数已用完。',
        next: '请联系住户再发一个，或走来访码上写的门。',
      },
      guard: { sentence: '来访码次数已用完，或限走另一个门。', next: '请联系住户，确认后登记放行。' },
    },
    'outside-hours': {
      cause: '不在开放时间',
      resident: { sentence: '这个门现在不开放。', next: '请走其他门，或找门卫。' },
      guard: { sentence: '本通道现在不在开放时间。', next: '请指引对方走开放的门；有急事的，核对后放行。' },
    },
    'assurance-too-low': {
      cause: '核验级别不够',
      resident: { sentence: '这个门需要更高级别的核验。', next: '请在手机上完成人脸核验，或带证件找门卫。' },
      guard: { sentence: '此码的核验级别低于本通道要求。', next: '请当面核对证件后放行。' },
    },
    lockdown: {
      cause: '临时封闭',
      resident: { sentence: '此门临时封闭，暂停扫码通行。', next: '请听从现场安排，有急事请找门卫。' },
      guard: { sentence: '本通道处于封闭状态。', next: '请按指令处理；确需放行的，请选择原因后手动开门。' },
    },
    'trust-stale': {
      cause: '门禁数据过期',
      resident: { sentence: '门禁数据已过期，您的码没有问题。', next: '请找门卫协助通行。' },
      guard: {
        sentence: '本机数据已过期，不能自动放行。',
        next: '请核实身份后手动放行，并请物业联网或用U盘更新。',
      },
    },
    'journal-unavailable': {
      cause: '无法记录',
      resident: { sentence: '门禁暂时无法记录，您的码没有问题。', next: '请找门卫协助通行。' },
      guard: {
        sentence: '本机无法写入记录，不会自动开门。',
        next: '请用开门按钮开门，在纸上登记，并立即报修。',
      },
    },
    'door-fault': {
      cause: '门故障',
      resident: { sentence: '门出了故障，您的码没有问题。', next: '请走其他门，或找门卫。' },
      guard: { sentence: '门或继电器有故障。', next: '请手动开门，并立即报修。' },
    },
  },
  clockOffset(offsetSeconds) {
    const side = offsetSeconds < 0 ? '慢' : '快';
    return {
      sentence: `您的手机时间${side}了 ${duration(Math.abs(offsetSeconds))}。`,
      next: '请在手机设置里打开“自动设置时间”，再刷新通行码。',
    };
  },
};

function duration(seconds: number): string {
  if (seconds < 60) return `${seconds} 秒`;
  if (seconds < 3_600) return two(seconds, [60, '分', '秒']);
  if (seconds < 86_400) return two(Math.floor(seconds / 60), [60, '小时', '分']);
  return two(Math.floor(seconds / 3_600), [24, '天', '小时']);
}

function two(total: number, [size, big, small]: readonly [number, string, string]): string {
  const rest = total % size;
  const whole = `${Math.floor(total / size)} ${big === '分' && rest === 0 ? '分钟' : big}`;
  if (rest === 0) return whole;
  return `${whole} ${rest} ${big === '小时' ? '分钟' : small}`;
}
