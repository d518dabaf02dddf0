import type { Language, SetupState } from '../../wire/index.ts';
import { readers } from './words.ts';

interface LaneChoiceProps {
  readonly lanes: SetupState['lanes'];
  readonly chosen: string;
  readonly choose: (lane: string) => void;
  readonly language: Language;
}

/** Which lane is meant; nobody is asked where there is one. */
export function LaneChoice({ lanes, chosen, choose, language }: LaneChoiceProps) {
  if (lanes.length < 2) return null;
  return (
    <label class="field">
      <span>{readers.lane[language]}</span>
      <select value={chosen} onChange={({ currentTarget }) => choose(currentTarget.value)}>
        {lanes.map(({ lane }) => (
          <option key={lane}>{lane}</option>
        ))}
      </select>
    </label>
  );
}
