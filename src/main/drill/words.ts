import type { SetupLanguage } from '../../setup/index.ts';
import type { DrillMode, DrillOutcome } from '../control/protocol.ts';

type Both = readonly [chinese: string, english: string];

/** What is said during a drill. */
export const saying = (both: Both, language: SetupLanguage): string => both[language === 'zh' ? 0 : 1];

export const MODE_WORDS: Readonly<
  Record<DrillMode, { readonly name: Both; readonly begin: Both; readonly end?: Both }>
> = {
  uplink: {
    name: ['断网', 'uplink lost'],
    begin: ['请拔下网线', 'Please pull the network cable'],
    end: ['请插回网线', 'Please plug it in again'],
  },
  clock: {
    name: ['时间不可信（模拟）', 'clock unsure (simulated)'],
    begin: ['正在模拟：门禁当作时间未证明', 'Played now: the gate takes its clock for unproved'],
  },
  'key-set': {
    name: ['签发密钥过期（模拟）', 'key set expired (simulated)'],
    begin: ['正在模拟：门禁当作密钥已过期', 'Played now: the gate takes its key set for expired'],
  },
  journal: {
    name: ['日志不能写入（模拟）', 'journal not writable (simulated)'],
    begin: ['正在模拟：通行码当作无法记录', 'Played now: codes are treated as if they could not be recorded'],
  },
  reader: {
    name: ['读码器掉线', 'reader lost'],
    begin: ['请拔下一个读码器', 'Please unplug one reader'],
    end: ['请插回读码器', 'Please plug it in again'],
  },
  relay: {
    name: ['门与继电器不符', 'relay or door mismatch'],
    begin: ['请用钥匙或手动打开门，不要扫码', 'Please open the door with a key or by hand, without a code'],
    end: ['请关好门', 'Please close the door'],
  },
  fire: {
    name: ['消防', 'fire'],
    begin: [
      '请在消防负责人同意后触发消防信号；门会由硬件释放',
      'Please trigger the fire signal, with whoever answers for it agreeing; the hardware releases the door',
    ],
    end: ['请复位消防信号', 'Please reset the fire signal'],
  },
};

export const OUTCOME_WORDS: Readonly<Record<DrillOutcome, Both>> = {
  passed: ['通过', 'passed'],
  failed: ['未通过', 'failed'],
  skipped: ['未进行', 'not done'],
};

export const WORDS = {
  warning: [
    '演练期间，部分通行码会在几秒内被拒绝或要门卫确认；演练不会开门。输入 yes 继续：',
    'During the drill some codes are refused, or need the guard, for some seconds; a drill opens no door. Type yes to go on: ',
  ],
  waiting: ['等待，最多 {seconds} 秒', 'waiting, {seconds} s at most'],
  shows: ['显示屏：{shown}；门卫台：{guard}', 'display: {shown}; guard’s page: {guard}'],
  missing: ['没有显示：{missing}', 'not shown: {missing}'],
  absent: ['本门禁没有这一部分，无法演练', 'this gate has no such part, so it cannot be rehearsed'],
  nobody: ['时间到，没有发生', 'nobody did it in time'],
  staysOn: ['没有恢复', 'it did not go away again'],
  unreachable: [
    '门禁没有运行，或不属于本用户；请用运行门禁的用户运行',
    'the gate is not running, or is not yours; run this as the user that runs the gate',
  ],
  busy: ['另一场演练正在进行', 'another drill is on'],
  unkept: ['结果没能写入日志', 'the outcome could not be written into the journal'],
  kept: ['已记录为第 {row} 行', 'kept as row {row}'],
  stopped: ['已中断；门禁恢复原样', 'interrupted; the gate is as it was'],
} as const satisfies Readonly<Record<string, Both>>;

export function filled(
  both: Both,
  language: SetupLanguage,
  values: Readonly<Record<string, string | number>>,
): string {
  return saying(both, language).replaceAll(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? '?'));
}
