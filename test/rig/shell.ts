import { createInterface } from 'node:readline';
import { PiTrial } from './pi-trial.ts';
import { readyImages, whyNoRig } from './ready.ts';

/**
 * A virtual Pi to try things in: a gate with a community on paper is on its disk. Each line is a command of the guest's shell;
 * the words in HELP are this machine's side of it. Everything is gone when it ends.
 */
const HELP = `start-gate      starts the gate as its own user
code            shows a fresh code at the reader on the serial cable
pulses          what the relay's line did
log             what the gate said
cut             pulls the plug, boots again
anything else   is run in the guest as root, e.g. /rig/lines push 27 down, /rig/gadget,
                echo 84000 >/sys/module/rpi_board/parameters/millidegrees
`;

const whyNot = whyNoRig();
if (whyNot !== undefined) throw new Error(`no virtual Pi: ${whyNot}`);
const pi = await PiTrial.begin(await readyImages());
try {
  await pi.boot();
  process.stdout.write(`booted; the gate's pages will be at ${pi.address}\n${HELP}`);
  for await (const line of createInterface({ input: process.stdin, prompt: '' })) {
    try {
      process.stdout.write(`${await answer(line.trim())}\n`);
    } catch (fault) {
      process.stdout.write(`${fault instanceof Error ? fault.message : String(fault)}\n`);
    }
  }
} finally {
  await pi.end();
}

async function answer(line: string): Promise<string> {
  switch (line) {
    case '':
      return HELP;
    case 'start-gate':
      await pi.start();
      return `the gate is open for codes: ${pi.address}`;
    case 'code':
      pi.machine.scan(pi.code());
      return 'shown';
    case 'pulses':
      return pi.machine.lines
        .map(({ line: at, high, atMs }) => `${atMs} line ${at} ${high ? 'high' : 'low'}`)
        .join('\n');
    case 'log':
      return pi.machine.log;
    case 'cut':
      return cut();
    default: {
      const { code, output } = await pi.machine.ask(line);
      return code === 0 ? output : `${output}\n(ended with ${code})`;
    }
  }
}

async function cut(): Promise<string> {
  const outcome = await pi.cutPower((count) => Math.floor(Math.random() * count));
  await pi.boot();
  return `cut with ${outcome.unflushed} writes not flushed, ${outcome.kept} of them kept; booted again`;
}
