import { Button } from '../kit/index.ts';
import { say } from './settings.ts';
import { signIn as words } from './words/sign-in.ts';

const DIGITS = ['1', '2', '3', '4', '5', '6', '7', '8', '9'] as const;

/** Digits for a finger; the keyboard types into the field itself. */
export function PinPad({ press }: { readonly press: (digit: string) => void }) {
  return (
    <fieldset class="pin-pad">
      <legend class="unseen">{say(words.pad)}</legend>
      {DIGITS.map((digit) => (
        <Button key={digit} press={() => press(digit)}>
          {digit}
        </Button>
      ))}
      <span />
      <Button press={() => press('0')}>0</Button>
      <Button press={() => press('erase')} label={say(words.erase)}>
        <svg viewBox="0 0 24 24" aria-hidden="true">
          <path d="M9 5h12v14H9l-6-7ZM12 9l6 6M18 9l-6 6" />
        </svg>
      </Button>
    </fieldset>
  );
}
