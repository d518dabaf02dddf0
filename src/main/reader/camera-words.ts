import type { Advice } from '../../sight/index.ts';

/** What to change at a camera, in both languages. */
export function adviceInWords(advice: Advice): string {
  const [chinese, english] = WORDS[advice];
  return `${chinese} / ${english}`;
}

const WORDS: Readonly<Record<Advice, readonly [chinese: string, english: string]>> = {
  good: ['良好：请拧紧镜头和支架', 'Good: fasten lens and holder as they are.'],
  'no-code': ['请在镜头前 20 至 40 厘米处举一个二维码', 'Hold a QR code 20 to 40 cm before the camera.'],
  'too-dark': ['太暗：请开灯，或避开背后的强光', 'Too dark: add light, or keep bright light from behind.'],
  'too-bright': [
    '太亮：请避免直射光，或调低手机亮度',
    'Too bright: keep light off the glass, or dim the phone.',
  ],
  blurred: [
    '不清晰：请擦净镜头，再慢慢转动对焦环',
    'Blurred: wipe the lens, then turn its focus ring slowly.',
  ],
  'too-far': [
    '二维码太小：请靠近一些，或换用更高的分辨率',
    'The code is too small: bring it nearer, or use more pixels.',
  ],
  'too-near': ['太近：请移远一些', 'Too near: hold it further away.'],
  'turn-left': ['请将镜头向左转（从镜头方向看）', 'Turn the camera to its left.'],
  'turn-right': ['请将镜头向右转（从镜头方向看）', 'Turn the camera to its right.'],
  'turn-up': ['请将镜头向上抬', 'Tilt the camera up.'],
  'turn-down': ['请将镜头向下压', 'Tilt the camera down.'],
};
