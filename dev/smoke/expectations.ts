import { CliError } from '../cli/cli-error.ts';

/** How long a step may take: longer than the objective of a payment, with cold starts. */
export const stepPolling = { timeoutMs: 60_000, intervalMs: 250 };

/** The reason that the audit log records. */
export const smokeReason = 'Smoke test of the stage.';

/** Throws a CliError with the sentence, without its full stop, unless it is true. */
export function requireThat(isTrue: boolean, sentence: string): asserts isTrue {
  if (!isTrue) throw new CliError(`✘ ${sentence}.`);
}
