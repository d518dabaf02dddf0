import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Block, readSheet, type Words } from './sheet.ts';

const HELP = join(import.meta.dirname, '../../../docs/help');
const said = (words: Words) => words.map(({ text }) => text).join('');

function texts(block: Block): string[] {
  switch (block.type) {
    case 'list':
      return block.items.map(said);
    case 'table':
      return [block.head, ...block.rows].flat().map(said);
    default:
      return [said(block.words)];
  }
}

describe('a sheet', () => {
  test('is read as headings, paragraphs, lists and tables', () => {
    expect(
      readSheet(
        '# A\nb\nc **d**\n## E\n- f\n- `g`\n\n1. h\n2. [i](j.md)\n\n| k | l |\n| --- | --- |\n| m | n |\n![p](p.png)',
      ),
    ).toEqual([
      { type: 'title', words: [{ look: 'plain', text: 'A' }] },
      {
        type: 'paragraph',
        words: [
          { look: 'plain', text: 'b c ' },
          { look: 'bold', text: 'd' },
        ],
      },
      { type: 'heading', words: [{ look: 'plain', text: 'E' }] },
      {
        type: 'list',
        numbered: false,
        items: [[{ look: 'plain', text: 'f' }], [{ look: 'code', text: 'g' }]],
      },
      {
        type: 'list',
        numbered: true,
        items: [[{ look: 'plain', text: 'h' }], [{ look: 'plain', text: 'i' }]],
      },
      {
        type: 'table',
        head: [[{ look: 'plain', text: 'k' }], [{ look: 'plain', text: 'l' }]],
        rows: [[[{ look: 'plain', text: 'm' }], [{ look: 'plain', text: 'n' }]]],
      },
    ]);
  });

  test('is read whatever it is', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => void readSheet(text)));
  });

  test.each(['guard.zh-CN.md', 'guard.en.md'])(
    '%s is read whole, every table is even, and no sign of writing is left',
    (file) => {
      const blocks = readSheet(readFileSync(join(HELP, file), 'utf8'));
      expect(blocks.filter(({ type }) => type === 'title')).toHaveLength(1);
      for (const block of blocks) {
        if (block.type === 'table') for (const row of block.rows) expect(row).toHaveLength(block.head.length);
        for (const text of texts(block)) expect(text).not.toMatch(/\*\*|\||\]\(|^#|^- /);
      }
    },
  );

  test('both languages say the same number of things', () => {
    const shape = (file: string) =>
      readSheet(readFileSync(join(HELP, file), 'utf8')).map((block) => [block.type, texts(block).length]);
    expect(shape('guard.en.md')).toEqual(shape('guard.zh-CN.md'));
  });
});
