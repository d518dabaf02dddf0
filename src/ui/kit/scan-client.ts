/** Hands a text that a page read to the gate as that lane’s reader. The gate alone decides; its answer comes as a verdict on the live line. */

export type Sent = 'sent' | 'busy' | 'not-sent';

/** displayScan's limit (src/wire/display.ts). */
export const SCAN_TEXT_MAX = 512;
const SEND_MAX_MS = 5_000;

export async function sendScan(lane: string, read: string): Promise<Sent> {
  try {
    const answer = await fetch(`/display/${lane}/scan`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ text: read.slice(0, SCAN_TEXT_MAX) }),
      signal: AbortSignal.timeout(SEND_MAX_MS),
    });
    if (answer.ok) return 'sent';
    return answer.status === 429 || answer.status === 503 ? 'busy' : 'not-sent';
  } catch {
    return 'not-sent';
  }
}
