import type { DrillContext } from './drill-context.ts';

/** Something that the drill does or looks at, under a sentence that it prints. */
export interface DrillStep {
  readonly description: string;
  readonly run: (scene: DrillContext) => Promise<unknown>;
}

/** A command as docs/runbook.md has it, with the runbook's placeholders. */
export interface RunbookCommand {
  readonly command: string;
  /** The heading of the runbook under which it stands. */
  readonly heading: string;
  /** What stands for the placeholders; more than one, and it runs once for each. */
  readonly placeholders?: (scene: DrillContext) => readonly Readonly<Record<string, string>>[];
  /** What of its output a person needs; all of it unless given. What a later command needs of it goes to the scene's notes. */
  readonly format?: (output: string, scene: DrillContext) => string;
}

/** What wakes somebody on AWS. A local AWS has no alarms that ring. */
export interface ExpectedAlarm {
  /** How the alarm's name there goes on behind that of the stack. */
  readonly alarm: string;
  /** The heading of the runbook that it names. */
  readonly heading: string;
  /** What it counts is there only once the fault is mended. */
  readonly afterRecovery?: true;
}

/** A game day: what breaks, what is to be seen of it, which alarms would ring on AWS, and how it is mended. */
export interface Drill {
  readonly name: string;
  /** A sentence. */
  readonly fault: string;
  /** A fault that lasts for so long, and for how many seconds it does here unless told otherwise. */
  readonly duration?: {
    readonly really: string;
    readonly minutes: number;
    readonly seconds: number;
  };
  readonly faultSteps: readonly DrillStep[];
  readonly observations: readonly (DrillStep | RunbookCommand)[];
  readonly expectedAlarms: readonly ExpectedAlarm[];
  readonly recoverySteps: readonly (DrillStep | RunbookCommand)[];
}

/** Every drill ends with these, whatever broke: the books, and the dead letters. */
export const verifications: readonly RunbookCommand[] = [
  { command: 'npm run reconcile', heading: 'Investigation basics' },
  { command: 'npm run ops -- dlq', heading: 'Investigation basics' },
];

/** All commands of a drill, each once, in the order in which they come first. */
export const commandsOf = ({ observations, recoverySteps }: Drill): readonly RunbookCommand[] => {
  const all = [...observations, ...recoverySteps, ...verifications].filter(
    (step) => 'command' in step,
  );

  return all.filter(
    ({ command }, index) => all.findIndex((other) => other.command === command) === index,
  );
};
