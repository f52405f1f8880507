import type { State, StateRetry } from '../../support/cdk/deployment/state-machines.ts';

/** An error of Step Functions itself, such as `States.Timeout`. */
export class StateError extends Error {
  constructor(name: string, message: string) {
    super(message);
    this.name = name;
  }
}

export const errorNameOf = (error: unknown): string =>
  error instanceof Error ? error.name : 'Error';

/** Errors that end the execution: no wildcard matches them. */
const terminalErrors = ['States.DataLimitExceeded', 'States.Runtime'];

/**
 * Whether a rule is for an error. `States.TaskFailed` is for every error but a timeout, `States.ALL` for every one.
 * https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
 */
export const isForError = (
  { ErrorEquals }: { readonly ErrorEquals: readonly string[] },
  name: string,
): boolean =>
  ErrorEquals.some((expected) => {
    if (expected === name) return true;
    if (terminalErrors.includes(name)) return false;

    return (
      expected === 'States.ALL' || (expected === 'States.TaskFailed' && name !== 'States.Timeout')
    );
  });

/** The defaults of the same page. */
const defaults = { intervalSeconds: 1, maxAttempts: 3, backoffRate: 2 };

/**
 * Counts the retries of a state by its rules. Returns the milliseconds until the next attempt, or undefined if the
 * error is not retried. The first rule for an error decides, even if it has no retry left.
 */
export const countRetries = ({ Retry = [] }: Pick<State, 'Retry'>, random: () => number) => {
  const retriesByRule = Retry.map(() => 0);

  return (error: unknown): number | undefined => {
    const index = Retry.findIndex((rule) => isForError(rule, errorNameOf(error)));
    const rule = Retry[index];
    const retries = retriesByRule[index] ?? 0;
    if (rule === undefined || retries >= (rule.MaxAttempts ?? defaults.maxAttempts))
      return undefined;
    retriesByRule[index] = retries + 1;
    const delay = delayMs(rule, retries);

    return rule.JitterStrategy === 'FULL' ? Math.round(random() * delay) : delay;
  };
};

const delayMs = (rule: StateRetry, retries: number): number => {
  const { IntervalSeconds = defaults.intervalSeconds, BackoffRate = defaults.backoffRate } = rule;
  const seconds = IntervalSeconds * BackoffRate ** retries;

  return Math.min(seconds, rule.MaxDelaySeconds ?? Number.POSITIVE_INFINITY) * 1_000;
};
