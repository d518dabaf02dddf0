interface ChoicesProps {
  readonly name: string;
  readonly label: string;
  /** Of two; the second one is what is asked more about. */
  readonly words: readonly [first: string, second: string];
  readonly isSecond: boolean;
  readonly choose: (isSecond: boolean) => void;
}

/** One of two ways. */
export function Choices({ name, label, words, isSecond, choose }: ChoicesProps) {
  return (
    <fieldset class="choices">
      <legend class="unseen">{label}</legend>
      {words.map((word, number) => (
        <label key={word} class="choice">
          <input
            type="radio"
            name={name}
            checked={isSecond === (number === 1)}
            onChange={() => choose(number === 1)}
          />
          {word}
        </label>
      ))}
    </fieldset>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly isChosen: boolean;
  readonly choose: (isChosen: boolean) => void;
  readonly isFixed?: boolean;
}

/** Something that is so or not. */
export function Choice({ label, isChosen, choose, isFixed = false }: ChoiceProps) {
  return (
    <label class="choice">
      <input
        type="checkbox"
        checked={isChosen}
        disabled={isFixed}
        onChange={({ currentTarget }) => choose(currentTarget.checked)}
      />
      {label}
    </label>
  );
}
