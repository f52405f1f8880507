import { interruption } from './cli/abort-on-signal.ts';
import { Advice, command } from './cli/cli-error.ts';
import { argumentsOf } from './cli/parse-args.ts';
import { drills } from './game-days/drills.ts';
import { play } from './game-days/run-drill.ts';
import { descriptorInUse, runningStack } from './local/stack-descriptor.ts';

const widest = Math.max(...drills.map(({ name }) => name.length));

const usage = `npm run drill -- <name>
${drills.map(({ name, fault }) => `  ${name.padEnd(widest)}  ${fault}`).join('\n')}
    --seconds <number>  how long a fault lasts that lasts
  It breaks the stack of npm start, mends it by docs/runbook.md, and proves that all is well again.`;

/** Plays one drill. The exit code is 0 only if the books are proved and no dead letter is left. */
await command(async () => {
  const { values, positionals } = argumentsOf(
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
    throw new Advice(`There is no drill ${positionals.join(' ')}.\n${usage}`);
  }
  const seconds = values.seconds === undefined ? undefined : Number(values.seconds);
  if (seconds !== undefined && !(seconds > 0)) {
    throw new Advice(`${values.seconds} is no number of seconds.`);
  }
  if (seconds !== undefined && drill.lasts === undefined) {
    throw new Advice(`${name} lasts until it is mended, and takes no --seconds.`);
  }

  const stack = await runningStack();
  await play(drill, {
    stack,
    descriptor: descriptorInUse(),
    seconds,
    print: (line) => console.log(line),
    signal: interruption(),
  });
});
