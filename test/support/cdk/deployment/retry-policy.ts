import { type Json, numberAt } from '../intrinsics.ts';

/** How long a delivery is retried before it is given up. */
export interface RetryPolicy {
  /** Attempts after the first one. */
  readonly maximumRetryAttempts: number;
  /** How old the event may be at an attempt. */
  readonly maximumEventAgeMs: number;
}

/** Reads the fields of a retry policy, which have the same names everywhere. */
export const readRetryPolicy = (
  policy: Json | undefined,
  { maximumRetryAttempts, maximumEventAgeMs }: RetryPolicy,
): RetryPolicy => ({
  maximumRetryAttempts: numberAt(policy, 'MaximumRetryAttempts', maximumRetryAttempts),
  maximumEventAgeMs:
    numberAt(policy, 'MaximumEventAgeInSeconds', maximumEventAgeMs / 1_000) * 1_000,
});
