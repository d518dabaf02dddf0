import { useEffect, useRef, useState } from 'preact/hooks';
import type { Language } from '../../wire/index.ts';
import {
  type Camera,
  type Preferences,
  QrReader,
  SCAN_TEXT_MAX,
  type Sent,
  sendScan,
  type Text,
  useCamera,
} from '../kit/index.ts';
import { reader as words } from './words.ts';

interface ReaderProps {
  readonly lane: string;
  readonly preferences: Preferences;
  readonly change: (change: Partial<Preferences>) => void;
}

/** Makes this page the lane's reader: its camera, a picture, or a text. */
export function Reader({ lane, preferences, change }: ReaderProps) {
  const { language } = preferences;
  const [told, setTold] = useState<Text | undefined>(undefined);
  const [over, setOver] = useState(false);
  const send = async (read: string) => setTold(SENT[await sendScan(lane, read)]);
  useEffect(() => {
    if (told !== words.sent) return undefined;
    const timer = setTimeout(() => setTold(undefined), SENT_TOLD_MS);
    return () => clearTimeout(timer);
  }, [told]);
  const camera = useCamera(preferences.camera, (read) => void send(read));
  const readPicture = usePictures(setTold, send);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    void readPicture(event.dataTransfer?.files[0]);
  };
  return (
    <section
      class={over ? 'reader reader-over' : 'reader'}
      aria-label={words.title[language]}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <CameraView camera={camera} language={language} turn={(on) => change({ camera: on })} />
      <label class="button picture">
        {words.drop[language]}
        <input
          class="unseen"
          type="file"
          accept="image/*"
          onChange={({ currentTarget }) => {
            void readPicture(currentTarget.files?.[0]);
            currentTarget.value = '';
          }}
        />
      </label>
      <PasteForm language={language} send={send} />
      <p class="told" role="status">
        {(told ?? CAMERA_TROUBLE[camera.state])?.[language]}
      </p>
    </section>
  );
}

/** The verdict says the rest. */
const SENT_TOLD_MS = 2_000;

const SENT: Readonly<Record<Sent, Text>> = { sent: words.sent, busy: words.busy, 'not-sent': words.notSent };
const CAMERA_TROUBLE: Readonly<Partial<Record<Camera['state'], Text>>> = {
  denied: words.cameraDenied,
  none: words.noCamera,
};

function usePictures(tell: (told: Text) => void, send: (read: string) => Promise<void>) {
  const pictures = useRef<QrReader | undefined>(undefined);
  useEffect(() => () => pictures.current?.close(), []);
  return async (file: File | undefined) => {
    if (file === undefined) return;
    tell(words.reading);
    pictures.current ??= new QrReader();
    const read = await pictures.current.readPicture(file);
    if (read === undefined) tell(words.noCode);
    else await send(read);
  };
}

interface CameraViewProps {
  readonly camera: Camera;
  readonly language: Language;
  readonly turn: (on: boolean) => void;
}

function CameraView({ camera, language, turn }: CameraViewProps) {
  const on = camera.state === 'on' || camera.state === 'starting';
  return (
    <div class="camera">
      <video ref={camera.video} muted playsInline hidden={!on} aria-label={words.aim[language]} />
      {on && <span class="aim" aria-hidden="true" />}
      <button
        type="button"
        class={on ? 'button' : 'button button-main'}
        onClick={() => (on ? turn(false) : again(turn))}
      >
        {(on ? words.stop : words.start)[language]}
      </button>
    </div>
  );
}

/** Off first: after a refused permission it is still switched on, and a second try must be one. */
function again(turn: (on: boolean) => void): void {
  turn(false);
  setTimeout(() => turn(true));
}

function PasteForm({
  language,
  send,
}: {
  readonly language: Language;
  readonly send: (read: string) => Promise<void>;
}) {
  const [pasted, setPasted] = useState('');
  const check = (event: Event) => {
    event.preventDefault();
    const read = pasted.trim();
    setPasted('');
    if (read !== '') void send(read);
  };
  return (
    <form class="paste" onSubmit={check}>
      <input
        type="text"
        value={pasted}
        maxLength={SCAN_TEXT_MAX}
        autoComplete="off"
        spellcheck={false}
        aria-label={words.paste[language]}
        placeholder={words.paste[language]}
        onInput={({ currentTarget }) => setPasted(currentTarget.value)}
      />
      <button type="submit" class="button">
        {words.send[language]}
      </button>
    </form>
  );
}
