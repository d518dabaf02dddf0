import { useEffect, useState } from 'preact/hooks';
import type { Language } from '../../wire/index.ts';
import { otherLanguage, type Text, text, usePreferences } from '../kit/index.ts';
import { type Block, readSheet, type Words } from './sheet.ts';

/** The guard's one page, out of docs/help: the same text on paper, in the repository and at the gate. */

const SHEETS: Readonly<Record<Language, URL>> = {
  'zh-CN': new URL('../../../docs/help/guard.zh-CN.md', import.meta.url),
  en: new URL('../../../docs/help/guard.en.md', import.meta.url),
};

const words = {
  print: text('打印', 'Print'),
  desk: text('门卫台', 'Guard’s desk'),
  other: text('中文', 'English'),
  loading: text('正在打开', 'Opening'),
  failed: text(
    '没有取到这一页，请检查到门禁的连接，再刷新',
    'This page did not come. Check the connection to the gate, then reload',
  ),
} as const satisfies Readonly<Record<string, Text>>;

type Sheet = readonly Block[] | 'loading' | 'failed';

export function Help() {
  const [{ language }, change] = usePreferences();
  const sheet = useSheet(language);
  const other = otherLanguage(language);
  return (
    <div class="help">
      <nav aria-label={words.desk[language]}>
        <a class="button" href="/guard">
          {words.desk[language]}
        </a>
        <button type="button" class="button" lang={other} onClick={() => change({ language: other })}>
          {words.other[other]}
        </button>
        <button type="button" class="button button-main" onClick={() => print()}>
          {words.print[language]}
        </button>
      </nav>
      <main>
        {typeof sheet === 'string' ? (
          <p role="status">{words[sheet][language]}</p>
        ) : (
          sheet.map((block, at) => <BlockView key={at} block={block} />)
        )}
      </main>
    </div>
  );
}

function useSheet(language: Language): Sheet {
  const [sheet, setSheet] = useState<Sheet>('loading');
  useEffect(() => {
    let over = false;
    void fetch(SHEETS[language])
      .then(async (answer) => (answer.ok ? readSheet(await answer.text()) : 'failed'))
      .catch(() => 'failed' as const)
      .then((next) => {
        if (!over) setSheet(next);
      });
    return () => {
      over = true;
    };
  }, [language]);
  return sheet;
}

function BlockView({ block }: { readonly block: Block }) {
  switch (block.type) {
    case 'title':
      return (
        <h1>
          <Said words={block.words} />
        </h1>
      );
    case 'heading':
      return (
        <h2>
          <Said words={block.words} />
        </h2>
      );
    case 'paragraph':
      return (
        <p>
          <Said words={block.words} />
        </p>
      );
    case 'list': {
      const items = block.items.map((item, at) => (
        <li key={at}>
          <Said words={item} />
        </li>
      ));
      return block.numbered ? <ol>{items}</ol> : <ul>{items}</ul>;
    }
    case 'table':
      return <Table {...block} />;
  }
}

function Table({ head, rows }: Extract<Block, { type: 'table' }>) {
  return (
    <table class={`columns-${head.length}`}>
      <thead>
        <tr>
          {head.map((cell, at) => (
            <th key={at} scope="col">
              <Said words={cell} />
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row, at) => (
          <tr key={at}>
            {row.map((cell, column) => (
              <td key={column}>
                <Said words={cell} />
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Said({ words: parts }: { readonly words: Words }) {
  return (
    <>
      {parts.map(({ look, text: part }, at) => {
        if (look === 'bold') return <strong key={at}>{part}</strong>;
        return look === 'code' ? <kbd key={at}>{part}</kbd> : part;
      })}
    </>
  );
}
