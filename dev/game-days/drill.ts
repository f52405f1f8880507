import type { DrillContext } from './drill-context.ts';

/** A step of a drill. Its description is printed before it runs. */
export interface DrillStep {
  readonly description: string;
  readonly run: (context: DrillContext) => Promise<unknown>;
}

/** A command of docs/runbook.md, with the runbook's placeholders. */
export interface RunbookCommand {
  readonly command: string;
  /** The runbook heading that contains the command. */
  readonly heading: string;
  /** Values for the placeholders. The command runs once for each element. */
  readonly placeholders?: (context: DrillContext) => readonly Readonly<Record<string, string>>[];
  /** Shortens the output for printing, and may capture ids in the context; by default everything is printed. */
  readonly format?: (output: string, context: DrillContext) => string;
}

/** An alarm that fires on AWS. On a local AWS no alarm fires. */
export interface ExpectedAlarm {
  /** Name of the alarm without the prefix of its stack. */
  readonly alarm: string;
  /** The runbook heading that it names. */
  readonly heading: string;
  /** Its metric has data only after the fault is removed. */
  readonly afterRecovery?: true;
}

/** A game day: the fault, the observations, the alarms that would fire on AWS, and the recovery. */
export interface Drill {
  readonly name: string;
  /** One sentence. */
  readonly fault: string;
  /** How long the fault would last in reality, and the default number of seconds in a drill. */
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

/** Every drill ends with these commands: the reconciliation and the dead-letter queues. */
export const verifications: readonly RunbookCommand[] = [
  { command: 'npm run reconcile', heading: 'Investigation basics' },
  { command: 'npm run ops -- dlq', heading: 'Investigation basics' },
];

/** The distinct commands of a drill, in order of their first use. */
export const commandsOf = ({ observations, recoverySteps }: Drill): readonly RunbookCommand[] => {
  const all = [...observations, ...recoverySteps, ...verifications].filter(
    (step) => 'command' in step,
  );

  return all.filter(
    ({ command }, index) => all.findIndex((other) => other.command === command) === index,
  );
};
