/** The keys of the desk, as they are printed on keyboards. What stands here is what keys.ts does and what the sheet lists. */
export const KEY = {
  letIn: 'F2',
  visitor: 'F3',
  delivery: 'F4',
  household: 'F5',
  lookUpWaiting: 'F6',
  acknowledge: 'F7',
  emergency: 'F8',
  hold: 'F9',
  lock: 'F10',
  undo: 'Ctrl+Z',
  dismiss: 'Delete',
  keys: '?',
  menu: '/',
} as const;
