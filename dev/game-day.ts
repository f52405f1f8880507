import { abortOnSignal } from './cli/abort-on-signal.ts';
import { CliError, runCommand } from './cli/cli-error.ts';
import { parseCommandLine } from './cli/parse-args.ts';
import { drills } from './game-days/drills.ts';
import { runDrill } from './game-days/run-drill.ts';
import { currentDescriptor, runningStack } from './local/stack-descriptor.ts';

const widest = Math.max(...drills.map(({ name }) => name.length));

const usage = `npm run game-day -- <name>
${drills.map(({ name, fault }) => `  ${name.padEnd(widest)}  ${fault}`).join('\n')}
    --seconds <number>  how long the fault lasts, for drills with a duration
  Breaks the stack of npm start, recovers it by docs/runbook.md, and reconciles it.`;

/** Runs one drill. The exit code is 0 only if the stack is reconciled and every dead-letter queue is empty. */
await runCommand(async () => {
  const { values, positionals } = parseCommandLine(
    { options: { seconds: { type: 'string' } }, allowPositionals: true },
    usage,
  );
  if (positionals.length === 0) {
    console.log(usage);
    return;
  }
  const [name] = positionals;
  const drill = drills.find((one) => one.name === name);
  if (drill === undefined || positionals.length > 1) {
    throw new CliError(`Unknown drill: ${positionals.join(' ')}.\n${usage}`);
  }
  const seconds = values.seconds === undefined ? undefined : Number(values.seconds);
  if (seconds !== undefined && !(seconds > 0)) {
    throw new CliError(`--seconds must be a positive number, not ${values.seconds}.`);
  }
  if (seconds !== undefined && drill.duration === undefined) {
    throw new CliError(`The fault of ${name} has no duration: omit --seconds.`);
  }

  const stack = await runningStack();
  await runDrill(drill, {
    stack,
    descriptor: currentDescriptor(),
    seconds,
    print: (line) => console.log(line),
    signal: abortOnSignal(),
  });
});
