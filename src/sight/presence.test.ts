import { describe, expect, it } from 'vitest';
import { createPresence } from './presence.ts';
import { CASCADE } from './views.ts';

describe('a code in view', () => {
  it('is none before the first was read', () => {
    const presence = createPresence();
    presence.looked(undefined);
    expect(presence.text).toBeUndefined();
  });

  it('stays while a view or two miss it, and is the one read last', () => {
    const presence = createPresence();
    presence.looked('X1ABC');
    for (let look = 1; look < CASCADE.length; look += 1) presence.looked(undefined);
    expect(presence.text).toBe('X1ABC');
    presence.looked('X3DEF');
    expect(presence.text).toBe('X3DEF');
  });

  it('has gone when no view finds it, and comes back with the next read', () => {
    const presence = createPresence();
    presence.looked('X1ABC');
    for (const _ of CASCADE) presence.looked(undefined);
    expect(presence.text).toBeUndefined();
    presence.looked('X1ABC');
    expect(presence.text).toBe('X1ABC');
  });
});
