import { guardChinese } from './guard-chinese.ts';
import { joined, type ResidentDictionary, type Words } from './refusal-words.ts';

/** Simplified Chinese, as it is said at a gate: polite, short, always with a next step. */
const residents: ResidentDictionary = {
  'not-a-code': { sentence: '这不是通行码。', next: '请打开“我的电子码”，再扫一次。' },
  unsupported: { sentence: '本机暂不支持这种通行码。', next: '请刷新通行码；仍不行，请找门卫。' },
  malformed: { sentence: '您的码没有读完整。', next: '请调亮屏幕，把码放平，再扫一次。' },
  'unknown-key': { sentence: '无法识别这个码的签发单位。', next: '请联网刷新通行码；仍不行，请找门卫。' },
  'key-retired': { sentence: '您的码需要更新。', next: '请联网刷新通行码，再扫一次。' },
  'wrong-issuer': { sentence: '这个码不适用于本小区。', next: '请打开本区的“我的电子码”，或找门卫。' },
  'not-on-roster': {
    sentence: '本小区名册里没有查到您的登记。',
    next: '请找门卫登记；刚换手机的，请先联网刷新。',
  },
  'bad-signature': { sentence: '无法确认这个码的真伪。', next: '请刷新通行码，再扫一次；仍不行，请找门卫。' },
  'not-yet-valid': { sentence: '您的码还没到生效时间。', next: '请核对手机时间和约定的来访时间。' },
  expired: { sentence: '您的码已过期。', next: '请点“刷新”，再扫一次。' },
  'clock-unsure': { sentence: '门禁正在校准时间，您的码没有问题。', next: '请找门卫协助通行。' },
  revoked: { sentence: '这个码已经注销。', next: '请登录后重新领码，或带证件找门卫。' },
  suspended: { sentence: '您的码已暂停使用。', next: '请带证件找门卫，或在“我的信息”里查看原因。' },
  'needs-guard': { sentence: '请稍候，需要门卫确认。', next: '请到岗亭，由门卫核对。' },
  'wrong-community': { sentence: '这是另一个小区的来访码。', next: '请核对地址，或请住户重新发一个。' },
  'already-used': { sentence: '这个码刚才用过了。', next: '请点“刷新”，用新码再扫一次。' },
  passback: { sentence: '记录显示您已在小区内。', next: '如果上次出门没有扫码，请找门卫说明。' },
  'pass-used-up': {
    sentence: '来访码在这个门的次数已用完。',
    next: '请联系住户再发一个，或走来访码上写的门。',
  },
  'outside-hours': { sentence: '这个门现在不开放。', next: '请走其他门，或找门卫。' },
  'assurance-too-low': {
    sentence: '这个门需要更高级别的核验。',
    next: '请在手机上完成人脸核验，或带证件找门卫。',
  },
  lockdown: { sentence: '此门临时封闭，暂停扫码通行。', next: '请听从现场安排，有急事请找门卫。' },
  'trust-stale': { sentence: '门禁数据已过期，您的码没有问题。', next: '请找门卫协助通行。' },
  'journal-unavailable': { sentence: '门禁暂时无法记录，您的码没有问题。', next: '请找门卫协助通行。' },
  'door-fault': { sentence: '门出了故障，您的码没有问题。', next: '请走其他门，或找门卫。' },
};

export const chinese: Words = {
  refusals: joined(residents, guardChinese),
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
