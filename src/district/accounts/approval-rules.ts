import type { DeskRole } from '../../wire/index.ts';

/** What one person must not do alone: who may ask for it, and who may be the second person. */
export interface ApprovalRule {
  readonly asks: readonly DeskRole[];
  readonly approves: readonly DeskRole[];
}

export const APPROVAL_RULES = {
  'rotate issuer key': { asks: ['administrator'], approves: ['administrator', 'operator'] },
  'retire issuer key': { asks: ['administrator'], approves: ['administrator', 'operator'] },
  'release doors': { asks: ['operator'], approves: ['operator', 'administrator'] },
  'update gates': { asks: ['operator'], approves: ['operator', 'administrator'] },
  'export persons': {
    asks: ['registrar', 'auditor', 'administrator'],
    approves: ['administrator', 'auditor'],
  },
} as const satisfies Readonly<Record<string, ApprovalRule>>;

export type DangerousAction = keyof typeof APPROVAL_RULES;
