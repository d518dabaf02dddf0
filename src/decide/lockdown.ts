import { unixSeconds } from '../base/index.ts';
import type { MemoryChange } from '../wire/index.ts';
import type { Now, Setting } from './evidence.ts';

/** A lock-down by order: durable, for one lane or for all. One that the signed policy asks for is not touched here. */

export function lockDown(lane: string | undefined, by: string): MemoryChange[] {
  return [{ key: `lockdown/${lane ?? '*'}`, value: by }];
}

/** A lane released from a lock-down of all leaves the others locked. */
export function release(lane: string | undefined, setting: Setting, now: Now): MemoryChange[] {
  const all = setting.state.memory.get('lockdown/*', unixSeconds(now.wall));
  const freed = lane === undefined ? setting.lanes : [lane];
  const kept = all === undefined ? [] : setting.lanes.filter((each) => !freed.includes(each));
  return [
    { key: 'lockdown/*' },
    ...freed.map((each) => ({ key: `lockdown/${each}` })),
    ...kept.map((each) => ({ key: `lockdown/${each}`, value: all ?? '' })),
  ];
}

/** The lane that is meant: the one named, or the only one. Undefined: none, or not ours. */
export function laneMeant(lane: string | undefined, setting: Setting): string | undefined {
  if (lane !== undefined) return setting.lanes.includes(lane) ? lane : undefined;
  return setting.lanes.length === 1 ? setting.lanes[0] : undefined;
}
