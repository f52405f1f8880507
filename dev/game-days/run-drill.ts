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
  /** Path of the stack's descriptor. */
  readonly descriptor: string;
  /** Duration of the fault; the drill's default if undefined. */
  readonly seconds?: number | undefined;
  readonly print: (line: string) => void;
  readonly signal: AbortSignal;
}

/** Runs a drill. Rejects if a step fails or the stack does not recover; it removes the fault in any case. */
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
    throw new CliError(
      'Dead-letter queues are not empty: empty them first, see npm run ops -- dlq.',
    );
  }
  const printAlarms = (alarms: Drill['expectedAlarms']) => {
    for (const { alarm, heading } of alarms) print(`  ${alarm} fires: ${heading}`);
  };
  const context = await createDrillContext(shell, { seconds, print: (line) => print(`  ${line}`) });
  try {
    print('\nFault');
    for (const step of drill.faultSteps) await runStep(step, context, print);
    print('\nObservations');
    for (const step of drill.observations) await runStep(step, context, print);
    printAlarms(drill.expectedAlarms.filter(({ afterRecovery }) => !afterRecovery));
    print('\nRecovery, by docs/runbook.md');
    for (const step of drill.recoverySteps) await runStep(step, context, print);
    print('\nWaiting for recovery');
    await context.waitUntil(() => checkRecovery(context));
    printAlarms(drill.expectedAlarms.filter(({ afterRecovery }) => afterRecovery));
  } finally {
    await context.removeFault();
  }
  print('\nVerification');
  for (const step of verifications) await runStep(step, context, print);
  if (await hasDeadLetters()) throw new CliError('Dead-letter queues are not empty.');
  print(`\n✔ ${drill.name}: reconciled, and every dead-letter queue is empty.`);
};

/** Commands that run concurrently. */
const maxConcurrentCommands = 4;

const formatTimeScale = (
  { really, minutes }: NonNullable<Drill['duration']>,
  seconds: number,
): string =>
  `Time is compressed: ${seconds} s represent ${really}, 1 : ${Math.round((minutes * 60) / seconds)}.`;

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
  // The commands are independent, and each starts a slow process.
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
