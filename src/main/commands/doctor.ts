import { parseArgs } from 'node:util';
import { exitOf, inWords, judge, reportText, type SetupLanguage, summaryOf } from '../../setup/index.ts';
import { type CommandIo, EXIT, writeTo } from '../command.ts';
import { gather } from '../doctor/gather.ts';

/**
 * `menwei doctor --config FILE`: looks at everything a gate stands on, running or stopped, and says in plain words what is out
 * of order, why it matters and what to do. It changes nothing, and prints no secret and nothing about a person.
 */

const USAGE =
  'usage: menwei doctor --config FILE [--language zh|en] [--json] [--bundle FILE.tar.gz]\n' +
  '  exit code 0: all looked at and in order; 1: something needs attention or could not be looked at; 2: the gate cannot do its work\n';

interface Wanted {
  readonly config: string;
  readonly language: SetupLanguage;
  readonly json: boolean;
  readonly bundle: string | undefined;
}

export async function run(args: readonly string[], io: CommandIo): Promise<number> {
  const wanted = wantedBy(args);
  if (wanted === undefined) {
    await writeTo(io.error, USAGE);
    return EXIT.usage;
  }
  const findings = judge(await gather(wanted.config));
  const exit = exitOf(findings);
  const said = findings.map((finding) => inWords(finding, wanted.language));
  const answer = wanted.json
    ? `${JSON.stringify({ exit, summary: summaryOf(findings, wanted.language), findings: said }, undefined, 2)}\n`
    : reportText(findings, wanted.language);
  await writeTo(io.output, answer);
  if (wanted.bundle === undefined) return exit;
  const { writeBundle } = await import('../doctor/bundle.ts');
  const kept = await writeBundle(wanted.bundle, { config: wanted.config, findings });
  await writeTo(io.error, `${wanted.bundle}: ${kept.join(', ')}\n`);
  return exit;
}

/** The terminal's own language, unless another is asked for. */
function languageOf(said: string | undefined): SetupLanguage | undefined {
  if (said === undefined)
    return /^zh/i.test(process.env['LC_ALL'] ?? process.env['LANG'] ?? '') ? 'zh' : 'en';
  return said === 'zh' || said === 'en' ? said : undefined;
}

function wantedBy(args: readonly string[]): Wanted | undefined {
  try {
    const text = { type: 'string' } as const;
    const { values } = parseArgs({
      args: [...args],
      options: { config: text, language: text, bundle: text, json: { type: 'boolean' } },
    });
    const language = languageOf(values.language);
    if (values.config === undefined || language === undefined) return undefined;
    return { config: values.config, language, json: values.json === true, bundle: values.bundle };
  } catch {
    return undefined;
  }
}
