import { describe, expect, it } from 'vitest';
import { clean, createLog } from './log.ts';

describe('the log', () => {
  it.each([
    ['a code', `X1${'0A'.repeat(60)}`],
    ['a code in lower case', `x3${'0a'.repeat(60)}`],
    ['an identity number', '11010519491231002X'],
    ['a mobile number', '13800138000'],
  ])('never lets %s out, wherever it stands', (_, personal) => {
    const lines: string[] = [];
    const log = createLog('info', { write: (text) => lines.push(text) });
    log.error({ detail: `seen ${personal}.` }, `text ${personal}`);
    expect(lines.join('')).not.toContain(personal);
    expect(lines.join('').match(/\[removed\]/g)).toHaveLength(2);
  });

  it('leaves sequence numbers, hashes and times as they are', () => {
    const line = '{"seq":812331,"at":"2026-11-21T20:36:10.123Z","hash":"9b0fcb44391d5bf30c75164230fc5e24"}';
    expect(clean(line)).toBe(line);
  });

  it('says nothing below its level', () => {
    const lines: string[] = [];
    createLog('warn', { write: (text) => lines.push(text) }).info({}, 'quiet');
    expect(lines).toEqual([]);
  });
});
