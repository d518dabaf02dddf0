import { Button } from '../kit/index.ts';
import { beginDeed, beginHold, beginLock, beginVisitor, letInStart } from './context.ts';
import { KEY } from './key-names.ts';
import { gate, waiting } from './live.ts';
import { found } from './look-up.ts';
import { say } from './settings.ts';
import { deeds } from './words/deeds.ts';
import { page } from './words/page.ts';

/** Everything a guard does to a door, each with its key. */
export function Actions() {
  const lanes = gate.value?.lanes ?? [];
  const isHeld = lanes.some(({ mode }) => mode === 'held-open');
  const isLocked = lanes.some(({ mode }) => mode === 'lock-down');
  // With somebody to act on, the green button stands beside them.
  const somebody = waiting.value.length > 0 || (found.value?.answer.found.length ?? 0) > 0;
  return (
    <section class="actions" aria-label={say(page.actions)}>
      <Button press={() => beginDeed(letInStart())} hint={KEY.letIn} look={somebody ? 'plain' : 'main'}>
        {say(deeds['let-in'].name)}
      </Button>
      <Button press={beginVisitor} hint={KEY.visitor}>
        {say(deeds.visitor.name)}
      </Button>
      <Button press={() => beginDeed({ deed: 'delivery' })} hint={KEY.delivery}>
        {say(deeds.delivery.name)}
      </Button>
      <Button press={() => beginDeed({ deed: 'emergency' })} hint={KEY.emergency} look="danger">
        {say(deeds.emergency.name)}
      </Button>
      <Button press={beginHold} hint={KEY.hold}>
        {say(deeds[isHeld ? 'end-hold' : 'hold'].name)}
      </Button>
      <Button press={beginLock} hint={KEY.lock} look={isLocked ? 'main' : 'plain'}>
        {say(deeds[isLocked ? 'release' : 'lock-down'].name)}
      </Button>
    </section>
  );
}
