import type { Browser } from 'playwright-core';

/** The phone's and the gate's screens on one picture, as docs/images/town.png has them. */

export interface Screens {
  readonly phone: Buffer;
  readonly display: Buffer;
}

const SIZE = { width: 1200, height: 600 };

export async function joinedPicture(browser: Browser, { phone, display }: Screens): Promise<Buffer> {
  const page = await browser.newPage({ viewport: SIZE });
  try {
    await page.setContent(`<!doctype html>
      <style>
        body { margin: 0; height: 100vh; display: flex; align-items: center; justify-content: center; gap: 48px; background: #dfe8e5 }
        img { display: block; box-sizing: content-box; border: solid #10231f }
        .phone { height: 528px; border-width: 12px 9px; border-radius: 30px }
        .display { width: 784px; border-width: 14px; border-radius: 14px }
        .gate { display: grid; justify-items: center }
        .stand { width: 26px; height: 40px; background: #10231f }
        .foot { width: 220px; height: 10px; border-radius: 5px; background: #10231f }
      </style>
      <img class="phone" src="${dataUrl(phone)}">
      <div class="gate"><img class="display" src="${dataUrl(display)}"><i class="stand"></i><i class="foot"></i></div>`);
    await page.waitForLoadState('load');
    return await page.screenshot();
  } finally {
    await page.close();
  }
}

function dataUrl(picture: Buffer): string {
  return `data:image/png;base64,${picture.toString('base64')}`;
}
