/**
 * Reads the part of Markdown that docs/help is written in: headings, paragraphs, lists, tables, bold and code. It makes
 * words and no markup, so that nothing in a text can become part of the page; pictures are left to the documents.
 */
export type Block =
  | { readonly type: 'title' | 'heading' | 'paragraph'; readonly words: Words }
  | { readonly type: 'list'; readonly numbered: boolean; readonly items: readonly Words[] }
  | { readonly type: 'table'; readonly head: readonly Words[]; readonly rows: readonly (readonly Words[])[] };

export type Words = readonly { readonly look: 'plain' | 'bold' | 'code'; readonly text: string }[];

export function readSheet(markdown: string): readonly Block[] {
  const blocks = markdown.split(/\r?\n\s*\r?\n/).flatMap(inParts);
  return blocks.flatMap((lines) => blockOf(lines) ?? []);
}

/** A heading or a list ends where something else begins, also without an empty line. */
function inParts(text: string): string[][] {
  const parts: string[][] = [];
  let before = '';
  for (const line of text.split(/\r?\n/).map((each) => each.trim())) {
    if (line === '') continue;
    const kind = kindOf(line);
    const last = parts.at(-1);
    if (last === undefined || kind === 'heading' || kind !== before) parts.push([line]);
    else last.push(line);
    before = kind;
  }
  return parts;
}

function kindOf(line: string): string {
  if (line.startsWith('#')) return 'heading';
  if (line.startsWith('|')) return 'table';
  if (line.startsWith('- ')) return 'list';
  if (/^\d+\. /.test(line)) return 'numbered';
  return line.startsWith('![') ? 'picture' : 'paragraph';
}

function blockOf(lines: readonly string[]): Block | undefined {
  const [first = ''] = lines;
  switch (kindOf(first)) {
    case 'picture':
      return undefined;
    case 'heading':
      return {
        type: first.startsWith('##') ? 'heading' : 'title',
        words: wordsOf(first.replace(/^#+\s*/, '')),
      };
    case 'table': {
      const [head = [], , ...rows] = lines.map(cellsOf);
      return { type: 'table', head, rows };
    }
    case 'list':
      return { type: 'list', numbered: false, items: lines.map((line) => wordsOf(line.slice(2))) };
    case 'numbered':
      return {
        type: 'list',
        numbered: true,
        items: lines.map((line) => wordsOf(line.replace(/^\d+\. /, ''))),
      };
    default:
      return { type: 'paragraph', words: wordsOf(lines.join(' ')) };
  }
}

function cellsOf(line: string): readonly Words[] {
  return line
    .replace(/^\||\|$/g, '')
    .split('|')
    .map((cell) => wordsOf(cell.trim()));
}

/** A link keeps its words: where it leads is not at the gate. */
function wordsOf(text: string): Words {
  const unlinked = text.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1');
  return unlinked
    .split(/(\*\*[^*]+\*\*|`[^`]+`)/)
    .filter((part) => part !== '')
    .map((part) => {
      if (part.length > 4 && part.startsWith('**')) return { look: 'bold', text: part.slice(2, -2) } as const;
      if (part.length > 2 && part.startsWith('`')) return { look: 'code', text: part.slice(1, -1) } as const;
      return { look: 'plain', text: part } as const;
    });
}
