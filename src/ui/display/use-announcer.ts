import { useEffect, useRef, useState } from 'preact/hooks';
import type { Language } from '../../wire/index.ts';
import { hasVoice, hush, onVoices, Sound, speak } from '../kit/index.ts';
import type { Screen } from './face.ts';
import { verdictSaying } from './verdict.tsx';

export interface Announcer {
  /** The browser waits for a touch before it lets the page sound. */
  readonly waits: boolean;
  /** A voice of this machine can say the verdicts. */
  readonly speaks: boolean;
  unlock(): void;
}

/** Lets every verdict be heard: a tone at once, then its sentence where the machine has a voice of its own. */
export function useAnnouncer(screen: Screen, on: boolean, language: Language): Announcer {
  const sound = useRef<Sound | undefined>(undefined);
  const [waits, setWaits] = useState(false);
  const [speaks, setSpeaks] = useState(false);
  const unlock = async () => {
    sound.current ??= new Sound();
    await sound.current.unlock();
    setWaits(sound.current.silenced);
  };
  useEffect(() => void unlock(), []);
  useEffect(() => {
    const look = () => setSpeaks(hasVoice(language));
    look();
    return onVoices(look);
  }, [language]);
  useEffect(() => {
    if (screen.verdict === undefined || !on) return undefined;
    // What is still being said is of somebody else.
    hush();
    sound.current?.play(screen.verdict.tone);
    const saying = verdictSaying(screen.verdict, language);
    const timer = setTimeout(() => speak(saying, language), AFTER_TONE_MS);
    return () => clearTimeout(timer);
  }, [screen.turn]);
  useEffect(() => {
    if (!on) hush();
  }, [on]);
  return { waits, speaks, unlock: () => void unlock() };
}

/** The tone first: it is understood before a sentence has begun. */
const AFTER_TONE_MS = 450;
