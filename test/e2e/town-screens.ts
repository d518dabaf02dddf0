import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
import { readCode } from './picture.ts';

/** The two screens of the town as people use them: a phone that shows its code, and a display that reads it and answers. */

type Tone = 'pass' | 'stop' | 'guard';
type Kind = 'token' | 'proof' | 'pass' | 'card';

/** By its place: the names of the buttons change with the language. */
const KINDS: readonly Kind[] = ['token', 'proof', 'pass', 'card'];
const FIRST_CHARACTERS: Readonly<Record<Kind, string>> = { token: 'X1', proof: 'X3', pass: 'X4', card: 'X5' };

class Screen {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  english(): Promise<void> {
    return this.page.getByRole('button', { name: 'English' }).click();
  }
}

export class PhoneScreen extends Screen {
  /** @param place in the list of residents; each test takes its own, so that none depends on another */
  async resident(place: number): Promise<void> {
    await this.page.locator('.pick select').selectOption({ index: place });
    await this.page.locator('.qr canvas').waitFor();
  }

  /** Chooses a kind and waits until its code is on the screen. @returns the text that a reader would read there */
  async kind(kind: Kind): Promise<string> {
    await this.page.locator('.kinds button').nth(KINDS.indexOf(kind)).click();
    return this.#code(kind);
  }

  async refresh(kind: Kind): Promise<string> {
    const before = await this.#code(kind);
    // A phone signs whole seconds: within the same one the code is the same.
    if (kind === 'proof') await this.page.waitForTimeout(1_000);
    await this.page.locator('.code-foot .button-main').click();
    return this.another(kind, before);
  }

  /** Waits until the code is no longer the one it was. */
  async another(kind: Kind, before: string): Promise<string> {
    await expect.poll(() => this.#code(kind), { timeout: 30_000 }).not.toBe(before);
    return this.#code(kind);
  }

  /** Until then the same code is the same person, who has not gone through yet. */
  async everybodyPassed(): Promise<void> {
    const waitingAtTheDoor = async () => {
      const entries = await this.page.locator('.entry').allInnerTexts();
      const count = (word: string) => entries.filter((entry) => entry.includes(word)).length;
      return count('放行') - count('有人通过');
    };
    await expect.poll(waitingAtTheDoor, { timeout: 40_000 }).toBe(0);
  }

  /** As a neighbour's camera would have it. */
  picture(): Promise<Buffer> {
    return this.page.locator('.code-paper').screenshot();
  }

  /** The district's newest decision about a code. */
  decision(): Locator {
    return this.page.locator('.entry:is(.entry-granted, .entry-refused, .entry-guard)').first();
  }

  async #code(kind: Kind): Promise<string> {
    let text = '';
    const start = async () => {
      text = (await readCode(await this.picture())) ?? '';
      return text.slice(0, 2);
    };
    await expect.poll(start, { timeout: 30_000 }).toBe(FIRST_CHARACTERS[kind]);
    return text;
  }
}

export class DisplayScreen extends Screen {
  face(): Promise<string | null> {
    return this.page.locator('.display').getAttribute('data-face');
  }

  /** Drops a picture onto the page, also beneath a verdict: a camera, too, goes on reading there. */
  async read(picture: Uint8Array): Promise<void> {
    await this.#lookAway();
    await this.page.locator('.reader').evaluate(
      (reader, content) => {
        const view = reader.ownerDocument.defaultView;
        const dataTransfer = new view.DataTransfer();
        dataTransfer.items.add(new view.File([new Uint8Array(content)], 'code.png', { type: 'image/png' }));
        reader.dispatchEvent(new view.DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
      },
      [...picture],
    );
  }

  /** Types into the field and presses Enter, as soon as the last verdict is over. */
  async paste(text: string): Promise<void> {
    await this.page.locator('main.verdict').waitFor({ state: 'detached', timeout: 40_000 });
    await this.page.locator('.paste input').fill(text);
    await this.page.locator('.paste input').press('Enter');
  }

  /** What the sign that follows says. */
  async verdict(tone: Tone): Promise<string> {
    const sign = this.page.locator('main.verdict:not([data-looked-at])');
    await sign.waitFor({ timeout: 40_000 });
    const said = await sign.innerText();
    expect(await sign.getAttribute('data-tone'), said).toBe(tone);
    return said;
  }

  /** Milliseconds from the text's being sent to the frame with the verdict; reading the picture comes before. */
  async sentToShownMs(): Promise<number> {
    const took = () =>
      this.page.evaluate(() => {
        const sent = performance
          .getEntriesByType('resource')
          .filter(({ name }) => name.endsWith('/scan'))
          .at(-1);
        const shown = performance.getEntriesByName('verdict-shown').at(-1);
        return sent === undefined || shown === undefined
          ? -1
          : shown.startTime + shown.duration - sent.startTime;
      });
    await expect.poll(took).toBeGreaterThan(0);
    return took();
  }

  /** A sign that is there already is not the answer to what comes now. */
  async #lookAway(): Promise<void> {
    const signs = this.page.locator('main.verdict');
    await signs.evaluateAll((all) => {
      for (const sign of all) sign.setAttribute('data-looked-at', '');
    });
  }
}
