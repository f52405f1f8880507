import { operatorScope } from '../../shared/http/routes.ts';
import { Advice } from '../cli/cli-error.ts';
import { requestToken } from '../local/issuer.ts';
import type { LocalStack } from '../local/stack-descriptor.ts';
import { operatorApi } from '../ops/operator-api.ts';
import { type Act, type Command, type Drill, proofs } from './drill.ts';
import { openScene, type Scene } from './drill-context.ts';
import { allWell } from './probes.ts';
import { carryOut, type Shell } from './shell-command.ts';

interface Play {
  readonly stack: LocalStack;
  /** The file that says where the stack is. */
  readonly descriptor: string;
  /** How long a fault lasts that lasts; the drill's own time unless given. */
  readonly seconds?: number | undefined;
  readonly print: (line: string) => void;
  readonly signal: AbortSignal;
}

/** Plays a drill to its end. Rejects where anything is not as it should be; whatever it broke is mended then, too. */
export const play = async (
  drill: Drill,
  { stack, descriptor, seconds = drill.lasts?.seconds ?? 0, print, signal }: Play,
): Promise<void> => {
  const token = await requestToken(stack.tokenUrl, { sub: 'olivia', scope: operatorScope });
  const shell: Shell = { stack, descriptor, token, signal };
  const api = operatorApi(stack.apiUrl, token);
  const isBurdened = async () => (await api.deadLetters()).items.some(({ depth }) => depth > 0);
  print(`${drill.name}: ${drill.fault}`);
  if (drill.lasts) print(scaleOf(drill.lasts, seconds));
  if (await isBurdened()) {
    throw new Advice(
      'There are dead letters already: see to them first, by npm run ops -- dead-letters.',
    );
  }
  const ring = (alarms: Drill['rings']) => {
    for (const { alarm, heading } of alarms) print(`  ${alarm} rings: ${heading}`);
  };
  const scene = await openScene(shell, { seconds, say: (line) => print(`  ${line}`) });
  try {
    print('\nThe fault');
    for (const step of drill.breaks) await take(step, scene, print);
    print('\nWhat is to be seen of it');
    for (const step of drill.sees) await take(step, scene, print);
    ring(drill.rings.filter(({ afterwards }) => !afterwards));
    print('\nRecovery, by docs/runbook.md');
    for (const step of drill.recovers) await take(step, scene, print);
    print('\nUntil all is well');
    await scene.until(() => allWell(scene));
    ring(drill.rings.filter(({ afterwards }) => afterwards));
  } finally {
    await scene.mend();
  }
  print('\nProof');
  for (const step of proofs) await take(step, scene, print);
  if (await isBurdened()) throw new Advice('There are dead letters left.');
  print(`\n✔ ${drill.name}: the books are proved, and every queue of dead letters is empty.`);
};

/** Commands that are carried out side by side. */
const atOnce = 4;

const scaleOf = ({ really, minutes }: NonNullable<Drill['lasts']>, seconds: number): string =>
  `Time is compressed: ${seconds} s here stand for ${really}, 1 : ${Math.round((minutes * 60) / seconds)}.`;

const take = async (step: Act | Command, scene: Scene, print: (line: string) => void) => {
  if ('says' in step) {
    print(`  ${step.says}`);
    await step.does(scene);
    return;
  }
  const lines = (step.with?.(scene) ?? [{}]).map((filling) =>
    Object.entries(filling).reduce(
      (text, [placeholder, value]) => text.replaceAll(placeholder, value),
      step.runs,
    ),
  );
  // None needs another, and each starts a process that takes its time.
  for (let next = 0; next < lines.length; next += atOnce) {
    const some = lines.slice(next, next + atOnce);
    const endings = await Promise.allSettled(some.map((line) => carryOut(line, scene.shell)));
    for (const [index, ending] of endings.entries()) {
      print(`  $ ${some[index]}`);
      if (ending.status === 'rejected') throw ending.reason;
      const shown = step.shows?.(ending.value, scene) ?? ending.value;
      for (const one of shown.split('\n').filter(Boolean)) print(`    ${one}`);
    }
  }
};
