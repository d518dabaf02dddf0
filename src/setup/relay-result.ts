/** What a relay test saw: told alike by the command and by the set-up page. */
export interface RelayResult {
  readonly lane: string;
  /** `ok`: the relay has switched; else why not. */
  readonly pulse:
    | { readonly ok: true; readonly pulseMs: number }
    | { readonly ok: false; readonly fault: string };
  /** `none`: no contact is wired, so only eyes can tell. */
  readonly contact: 'opened' | 'did-not-move' | 'was-open' | 'none';
  /** From the order to the contact, milliseconds. */
  readonly openedAfterMs?: number;
  /** Whether the door was seen closed again; absent: nothing tells. */
  readonly closedAgain?: boolean;
  /** The row that stood before the relay moved. */
  readonly row: number;
}

/** The relay switched, and nothing that is wired contradicts it. */
export const isGood = ({ pulse, contact }: RelayResult): boolean =>
  pulse.ok && (contact === 'opened' || contact === 'none');

type Both = readonly [chinese: string, english: string];

/** @returns what was seen and what to do, a sentence a line */
export function relayInWords(result: RelayResult, language: 'zh' | 'en'): string[] {
  const at = language === 'zh' ? 0 : 1;
  return sentences(result).map((both) => both[at]);
}

function sentences({ pulse, contact, openedAfterMs, closedAgain }: RelayResult): Both[] {
  if (!pulse.ok)
    return [
      [`继电器没有动作：${pulse.fault}`, `The relay did not switch: ${pulse.fault}`],
      ['请检查接线、线号和权限：menwei doctor', 'Check wiring, line number and rights: menwei doctor'],
    ];
  const seconds = pulse.pulseMs / 1_000;
  const switched: Both = [`继电器吸合 ${seconds} 秒`, `The relay was on for ${seconds} s`];
  switch (contact) {
    case 'opened':
      return [
        switched,
        [
          `门磁在 ${openedAfterMs ?? '?'} 毫秒后报告门已打开`,
          `The contact said open after ${openedAfterMs ?? '?'} ms`,
        ],
        ...(closedAgain === false
          ? ([['门还没有关好，请检查闭门器', 'The door has not closed again: look at its closer']] as const)
          : []),
      ];
    case 'did-not-move':
      return [
        switched,
        [
          '门磁没有变化：门没开，或门磁没接对；请对照门的实际情况检查',
          'The contact did not move: the door stayed shut, or the contact is not wired right. Compare with the door itself',
        ],
      ];
    case 'was-open':
      return [
        switched,
        [
          '试验前门磁就报告门开着；请关门，或改 activeLow',
          'The contact said open before: close the door, or change activeLow',
        ],
      ];
    case 'none':
      return [switched, ['没有接门磁；门开了吗？', 'No contact is wired. Did the door open?']];
  }
}
