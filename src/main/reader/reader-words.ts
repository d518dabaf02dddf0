import type { Finding } from '../../../device/scanner/index.ts';

/** What the reader test found, in both languages, with what to do about it. */
export function findingInWords(finding: Finding): string {
  const [chinese, english] = wordsOfFinding(finding);
  return `${chinese} / ${english}`;
}

/** The same, each language by itself. */
export function wordsOfFinding(finding: Finding): readonly [chinese: string, english: string] {
  switch (finding.fault) {
    case 'nothing-read':
      return ['没有收到任何内容：请检查接线和路径', 'Nothing arrived: check the cable and the path.'];
    case 'not-the-symbol':
      return [
        '读到的不是设置图案，或内容有缺失',
        'What arrived is not the set-up symbol, or parts of it are missing.',
      ];
    case 'layout':
      return [
        `键盘布局不一致：读码器 ${finding.reader}，本机 ${finding.gate}；请将两者设为相同`,
        `Layouts differ: the reader types ${finding.reader}, this end expects ${finding.gate}; set both alike.`,
      ];
    case 'caps-lock':
      return ['大小写颠倒：请关闭 Caps Lock', 'Upper and lower case are swapped: turn Caps Lock off.'];
    case 'upper-case':
      return ['全部变为大写；不影响读码', 'Everything arrives in upper case; codes do not mind.'];
    case 'lower-case':
      return ['全部变为小写；不影响读码', 'Everything arrives in lower case; codes do not mind.'];
    case 'doubled-text':
      return ['每次扫描输出两遍：请关闭重复输出', 'Each scan arrives twice: turn double output off.'];
    case 'doubled-keys':
      return ['每个字符输出两遍：请关闭重复输出', 'Each character arrives twice: turn double output off.'];
    case 'no-line-end':
      return ['没有结尾符：请设置回车后缀', 'No line end: set the suffix to Enter (CR).'];
    case 'added':
      return [
        '前后多出字符：请关闭前缀和后缀',
        'Characters are added before or behind: turn prefix and suffix off.',
      ];
    case 'slow':
      return [
        `每字符 ${rounded(finding.msPerCharacter)} 毫秒，较慢：请缩短按键间隔，或改用 USB 串口或 HID-POS 模式`,
        `${rounded(finding.msPerCharacter)} ms a character is slow: shorten the key delay, or use USB-COM or HID-POS mode.`,
      ];
    case 'too-fast':
      return [
        `每字符 ${rounded(finding.msPerCharacter)} 毫秒，过快会丢键：请设为 4 毫秒，或改用 USB 串口或 HID-POS 模式`,
        `At ${rounded(finding.msPerCharacter)} ms a character keys get lost: set 4 ms, or use USB-COM or HID-POS mode.`,
      ];
  }
}

function rounded(ms: number): string {
  return ms.toFixed(1);
}
