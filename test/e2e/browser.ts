import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Page,
} from 'playwright-core';

/** A real browser for the tests: Debian's Chromium with a fresh profile, cut off from everything but this machine. */

const QUIET = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // A page that asks for another host fails instead of leaving the machine.
  '--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1 , EXCLUDE localhost',
];

/** A machine under load takes its time. */
const START_WITHIN_MS = 120_000;
const PATIENCE_MS = 60_000;

/** What the gate's kiosk is started with, so that a verdict can be heard before anybody touched the screen. */
const KIOSK = ['--autoplay-policy=no-user-gesture-required'];

export const SIZES = {
  phone: { width: 390, height: 844 },
  tablet: { width: 1024, height: 768 },
  desktop: { width: 1440, height: 900 },
  portrait: { width: 1080, height: 1920 },
} as const;
export type Size = keyof typeof SIZES;

export function startBrowser(more: readonly string[] = []): Promise<Browser> {
  return chromium.launch(chromiumWith(more));
}

/** The same with a profile that stays in the folder, for whoever looks at what a browser keeps on its disk. */
export function startProfile(folder: string, size: Size): Promise<BrowserContext> {
  return chromium.launchPersistentContext(folder, { ...chromiumWith([]), viewport: SIZES[size] });
}

function chromiumWith(more: readonly string[]) {
  return {
    executablePath: process.env['MENWEI_CHROMIUM'] ?? '/usr/bin/chromium',
    headless: true,
    timeout: START_WITHIN_MS,
    args: [...QUIET, ...KIOSK, ...more],
  };
}

export interface Seen {
  readonly page: Page;
  /** Addresses asked for, in order. */
  readonly asked: string[];
  /** Those that are not the server's. */
  readonly strays: string[];
  /** Errors on the page and breaches of its content policy. */
  readonly errors: string[];
}

export async function openPage(
  browser: Browser,
  { url, size, ...options }: BrowserContextOptions & { readonly url: string; readonly size: Size },
): Promise<Seen> {
  return openPageIn(await browser.newContext({ viewport: SIZES[size], ...options }), url);
}

/**
 * The page of the test before once more, as if it were opened for the first time: a context of its own takes three times as
 * long. Not for tests whose page has scripts, routes or a clock of their own.
 */
export async function openAgain(
  before: Seen,
  {
    url,
    size,
    colorScheme = 'light',
  }: { readonly url: string; readonly size: Size; readonly colorScheme?: 'light' | 'dark' },
): Promise<void> {
  const { page, ...kept } = before;
  for (const list of Object.values(kept)) list.length = 0;
  await page.evaluate('localStorage.clear(); sessionStorage.clear()');
  await page.setViewportSize(SIZES[size]);
  await page.emulateMedia({ colorScheme });
  await page.goto(url);
}

export async function openPageIn(context: BrowserContext, url: string): Promise<Seen> {
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  const seen: Seen = { page, asked: [], strays: [], errors: [] };
  const origin = new URL(url).origin;
  context.on('request', (request) => {
    const asked = request.url();
    seen.asked.push(asked);
    if (!asked.startsWith(`${origin}/`) && !asked.startsWith('blob:')) seen.strays.push(asked);
  });
  page.on('pageerror', (error) => seen.errors.push(error.message));
  page.on('console', (message) => {
    const said = message.text();
    // A server that is down, or says no, is part of several tests.
    if (message.type() === 'error' && !said.startsWith('Failed to load resource')) seen.errors.push(said);
  });
  await page.goto(url);
  return seen;
}

const AXE = readFileSync(new URL(import.meta.resolve('axe-core/axe.min.js')), 'utf8');
/**
 * In the page. Rules whose findings are never more than moderate are not asked: nobody here would read them.
 * Nor are those that axe itself leaves out unless asked by name: trials of rules, and old ones.
 */
const FIND_SERIOUS = `(async () => {
  const isSerious = ({ impact }) => impact === 'serious' || impact === 'critical';
  const isSettled = ({ enabled, tags }) => enabled && !tags.includes('experimental') && !tags.includes('deprecated');
  const values = axe._audit.rules.filter((rule) => isSettled(rule) && isSerious(rule)).map(({ id }) => id);
  const options = { resultTypes: ['violations'], runOnly: { type: 'rule', values } };
  const { violations } = await axe.run(document, options);
  const told = violations
    .filter(isSerious)
    .map(({ id, nodes }) => id + ': ' + nodes.map((node) => node.html).join(' '));
  return { told, rules: values.length };
})()`;
/** Fewer would mean that axe names the weight of its rules otherwise than it did. */
const SERIOUS_RULES_MIN = 50;

/** @returns what axe finds serious or critical, one line each */
export async function seriousFindings(page: Page): Promise<string[]> {
  if (!(await page.evaluate("'axe' in globalThis"))) await page.evaluate(AXE);
  const { told, rules } = await page.evaluate<{ told: string[]; rules: number }>(FIND_SERIOUS);
  if (rules < SERIOUS_RULES_MIN) throw new Error(`axe asked by ${rules} rules alone`);
  return told;
}

/** A folder for pictures of the screens: kept when MENWEI_SCREENSHOTS names one, else gone after the test. */
export function pictureFolder(): { readonly path: (name: string) => string; readonly clear: () => void } {
  const kept = process.env['MENWEI_SCREENSHOTS'];
  const folder = kept ?? mkdtempSync(join(tmpdir(), 'menwei-screens-'));
  mkdirSync(folder, { recursive: true });
  return {
    path: (name) => join(folder, `${name}.png`),
    clear: () => {
      if (kept === undefined) rmSync(folder, { recursive: true, force: true });
    },
  };
}
