import { useRef, useState } from 'preact/hooks';
import type { Language } from '../../wire/index.ts';
import { Qr, useSteadyNow } from '../kit/index.ts';
import { Ring } from './ring.tsx';
import { ShortCode } from './short-code.tsx';
import type { CodeKind, ShownCode, Wanted } from './shown-code.ts';
import { useCode } from './use-code.ts';
import { kinds, problems, words } from './words.ts';

/** A guest’s pass and a card are not on the resident’s phone. */
const OF_THE_RESIDENT: ReadonlySet<CodeKind> = new Set(['token', 'proof']);

interface CodeCardProps {
  readonly wanted: Wanted;
  readonly language: Language;
}

/** The live code: large, black on white, with the time it has left. */
export function CodeCard({ wanted, language }: CodeCardProps) {
  const { code, problem, refresh } = useCode(wanted);
  const card = useRef<HTMLDivElement>(null);
  const save = () => savePicture(card.current?.querySelector('canvas'), wanted.kind);
  return (
    <div class="code-card">
      <div class="code-paper" ref={card}>
        {code === undefined ? (
          <p class="code-wait">
            {problem === undefined ? words.working[language] : problems[problem][language]}
          </p>
        ) : (
          <Qr value={code.text} label={`${words.code[language]}: ${kinds[wanted.kind].name[language]}`} />
        )}
      </div>
      {OF_THE_RESIDENT.has(wanted.kind) && (
        <ShortCode
          wanted={{
            district: wanted.district,
            index: wanted.resident.index,
            // The district gives the secret with each token.
            asked: wanted.kind === 'token' ? (code?.madeAtMs ?? 0) : 0,
          }}
          language={language}
        />
      )}
      <div class="code-foot">
        {code !== undefined && <Countdown code={code} language={language} />}
        <button type="button" class="button button-main" onClick={refresh}>
          {words.refresh[language]}
        </button>
        {code !== undefined && <CopyButton text={code.text} language={language} />}
        {code !== undefined && (
          <button type="button" class="button" onClick={save}>
            {words.save[language]}
          </button>
        )}
      </div>
      <p class="about">{kinds[wanted.kind].about[language]}</p>
      <p class="trouble" role="status">
        {code !== undefined && problem !== undefined ? problems[problem][language] : ''}
      </p>
    </div>
  );
}

function Countdown({ code, language }: { readonly code: ShownCode; readonly language: Language }) {
  useSteadyNow(250);
  const leftMs = Math.max(0, code.renewAtMs - Date.now());
  const share = leftMs / Math.max(1, code.renewAtMs - code.madeAtMs);
  return (
    <span class="countdown" role="timer">
      <Ring share={share} />
      <span>
        <strong>{leftText(leftMs)}</strong> {words.left[language]}
      </span>
    </span>
  );
}

/** `9:41`, `26:03:11`. */
function leftText(leftMs: number): string {
  const seconds = Math.ceil(leftMs / 1000);
  const two = (part: number) => String(part).padStart(2, '0');
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}:${two(seconds % 60)}`;
  return `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(seconds % 60)}`;
}

function CopyButton({ text, language }: { readonly text: string; readonly language: Language }) {
  const [copied, setCopied] = useState('');
  const copy = async () => {
    await navigator.clipboard?.writeText(text).catch(() => undefined);
    setCopied(text);
  };
  return (
    <button type="button" class="button" onClick={() => void copy()}>
      {(copied === text ? words.copied : words.copy)[language]}
    </button>
  );
}

/** So that it can be dropped onto the display's reader, or printed. */
function savePicture(canvas: HTMLCanvasElement | null | undefined, kind: string): void {
  canvas?.toBlob((picture) => {
    if (picture === null) return;
    const link = document.createElement('a');
    link.href = URL.createObjectURL(picture);
    link.download = `menwei-${kind}.png`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href));
  });
}
