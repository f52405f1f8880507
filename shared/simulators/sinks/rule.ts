import * as z from 'zod';

const ids = z.array(z.string().min(1)).min(1).max(100);

/**
 * The body of PUT /behaviour. Without ids it applies to every delivery; with only ids, or nothing, it resets.
 */
export const behaviourBody = z.strictObject({
  status: z.int().min(200).max(599).optional(),
  delayMs: z.int().min(0).max(60_000).optional(),
  /** The number of attempts of each id that it applies to; all by default. */
  times: z.int().positive().optional(),
  eventIds: ids.optional(),
  paymentIds: ids.optional(),
});

export type BehaviourBody = z.infer<typeof behaviourBody>;

/** The response to deliveries of one target: an event id, a payment id, or `*`. */
export interface Rule {
  readonly target: string;
  readonly status: number;
  readonly delayMs: number;
  /** The remaining attempts; the rule is inactive at 0. */
  readonly remainingAttempts: number | 'all';
}

export const matchAll = '*';

/** One rule for each target in the body, so that concurrent tests do not interfere. */
export const toRules = ({
  status,
  delayMs,
  times,
  eventIds,
  paymentIds,
}: BehaviourBody): Rule[] => {
  const targets = [...(eventIds ?? []), ...(paymentIds ?? [])];
  const isReset = status === undefined && delayMs === undefined;

  return (targets.length > 0 ? targets : [matchAll]).map((target) => ({
    target,
    status: status ?? 200,
    delayMs: delayMs ?? 0,
    remainingAttempts: isReset ? 0 : (times ?? 'all'),
  }));
};

export const isActive = (rule: Rule | undefined): rule is Rule =>
  rule !== undefined && rule.remainingAttempts !== 0;

export const consumeRule = (rule: Rule): Rule => ({
  ...rule,
  remainingAttempts:
    rule.remainingAttempts === 'all' ? 'all' : Math.max(0, rule.remainingAttempts - 1),
});
