/** What this build is. Its date is part of the clock's floor: no gate believes that it is earlier than its own making. */
export const BUILD = { version: '0.1.0', at: '2026-11-21T00:00:00Z' } as const;
