import { Hono } from 'hono';
import { describe, expect, it } from 'vitest';
import { eventStream, type StreamEnds, WAITING_MESSAGES_MAX } from './event-stream.ts';

function served(listen: (ends: StreamEnds) => (() => void) | undefined) {
  const app = new Hono();
  app.get('/', (context) => eventStream(context, listen) ?? context.text('full', 503));
  return app.request('/');
}

describe('an event stream', () => {
  it('sends in order what it is given, with its name and id, and ends after the last', async () => {
    let ended = 0;
    const answer = await served(({ push, finish }) => {
      push({ event: 'state', data: '1' });
      push({ event: 'entry', data: '2', id: 'a-2' });
      finish();
      push({ event: 'late', data: '3' });
      return () => {
        ended += 1;
      };
    });
    expect(await answer.text()).toBe('event: state\ndata: 1\n\nevent: entry\ndata: 2\nid: a-2\n\n');
    expect(ended).toBe(1);
  });

  it('is refused where nobody more is listened to', async () => {
    expect((await served(() => undefined)).status).toBe(503);
  });

  it('lets a page go that takes nothing away, with what waited for it', async () => {
    let ended = 0;
    let push: StreamEnds['push'] = () => undefined;
    const answer = await served((ends) => {
      push = ends.push;
      return () => {
        ended += 1;
      };
    });
    const data = 'x'.repeat(1_000);
    for (let sent = 0; sent < 3 * WAITING_MESSAGES_MAX && ended === 0; sent += 1)
      push({ event: 'entry', data });
    expect(ended).toBeGreaterThan(0);
    expect((await answer.text()).length).toBeLessThan(WAITING_MESSAGES_MAX * data.length);
  });

  it('of whom there is too much already at the beginning is let go, and does not fail', async () => {
    let ended = 0;
    const answer = await served(({ push }) => {
      for (let sent = 0; sent <= WAITING_MESSAGES_MAX; sent += 1) push({ event: 'entry', data: '' });
      return () => {
        ended += 1;
      };
    });
    expect([answer.status, await answer.text(), ended]).toEqual([200, '', 1]);
  });
});
