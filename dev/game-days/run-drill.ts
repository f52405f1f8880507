import { operatorScope } from '../../shared/http/routes.ts';
import { CliError } from '../cli/cli-error.ts';
import { requestToken } from '../local/issuer.ts';
import type { LocalStack } from '../local/stack-descriptor.ts';
import { createOperatorApi } from '../ops/operator-api.ts';
import { type Drill, type DrillStep, type RunbookCommand, verifications } from './drill.ts';
import { createDrillContext, type DrillContext } from './drill-context.ts';
import { checkRecovery } from './probes.ts';
import { runShellCommand, type Shell } from './shell-command.ts';

interface RunDrillOptions {
  readonly stack: LocalStack;
  /** The file that says where the stack is. */
  readonly descriptor: string;
  /** How long a fault lasts that lasts; the drill's own time unless given. */
  readonly seconds?: number | undefined;
  readonly print: (line: string) => void;
  readonly signal: AbortSignal;
}

/** Plays a drill to its end. Rejects where anything is not as it should be; whatever it broke is mended then, too. */
export const runDrill = async (
  drill: Drill,
  { stack, descriptor, seconds = drill.duration?.seconds ?? 0, print, signal }: RunDrillOptions,
): Promise<void> => {
  const token = await requestToken(stack.tokenUrl, { sub: 'olivia', scope: operatorScope });
  const shell: Shell = { stack, descriptor, token, signal };
  const api = createOperatorApi(stack.apiUrl, token);
  const hasDeadLetters = async () => (await api.deadLetters()).items.some(({ depth }) => depth > 0);
  print(`${drill.name}: ${drill.fault}`);
  if (drill.duration) print(formatTimeScale(drill.duration, seconds));
  if (await hasDeadLetters()) {
    throw new CliError('There are dead letters already: see to them first, by npm run ops -- dlq.');
  }
  const printAlarms = (alarms: Drill['expectedAlarms']) => {
    for (const { alarm, heading } of alarms) print(`  ${alarm} rings: ${heading}`);
  };
  const context = await createDrillContext(shell, { seconds, print: (line) => print(`  ${line}`) });
  try {
    print('\nThe fault');
    for (const step of drill.faultSteps) await runStep(step, context, print);
    print('\nWhat is to be seen of it');
    for (const step of drill.observations) await runStep(step, context, print);
    printAlarms(drill.expectedAlarms.filter(({ afterRecovery }) => !afterRecovery));
    print('\nRecovery, by docs/runbook.md');
    for (const step of drill.recoverySteps) await runStep(step, context, print);
    print('\nUntil all is well');
    await context.waitUntil(() => checkRecovery(context));
    printAlarms(drill.expectedAlarms.filter(({ afterRecovery }) => afterRecovery));
  } finally {
    await context.removeFault();
  }
  print('\nProof');
  for (const step of verifications) await runStep(step, context, print);
  if (await hasDeadLetters()) throw new CliError('There are dead letters left.');
  print(`\n✔ ${drill.name}: the books are proved, and every queue of dead letters is empty.`);
};

/** Commands that are carried out side by side. */
const maxConcurrentCommands = 4;

const formatTimeScale = (
  { really, minutes }: NonNullable<Drill['duration']>,
  seconds: number,
): string =>
  `Time is compressed: ${seconds} s here stand for ${really}, 1 : ${Math.round((minutes * 60) / seconds)}.`;

const runStep = async (
  step: DrillStep | RunbookCommand,
  context: DrillContext,
  print: (line: string) => void,
) => {
  if ('description' in step) {
    print(`  ${step.description}`);
    await step.run(context);
    return;
  }
  const lines = (step.placeholders?.(context) ?? [{}]).map((values) =>
    Object.entries(values).reduce(
      (text, [placeholder, value]) => text.replaceAll(placeholder, value),
      step.command,
    ),
  );
  // None needs another, and each starts a process that takes its time.
  for (let next = 0; next < lines.length; next += maxConcurrentCommands) {
    const batch = lines.slice(next, next + maxConcurrentCommands);
    const results = await Promise.allSettled(
      batch.map((line) => runShellCommand(line, context.shell)),
    );
    for (const [index, result] of results.entries()) {
      print(`  $ ${batch[index]}`);
      if (result.status === 'rejected') throw result.reason;
      const output = step.format?.(result.value, context) ?? result.value;
      for (const one of output.split('\n').filter(Boolean)) print(`    ${one}`);
    }
  }
};
