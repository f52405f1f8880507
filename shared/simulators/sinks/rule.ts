import * as z from 'zod';

const ids = z.array(z.string().min(1)).min(1).max(100);

/** PUT /behaviour. Without ids it is meant for every delivery; with nothing but ids (or nothing at all) it is a reset. */
export const behaviourBody = z.strictObject({
  status: z.int().min(200).max(599).optional(),
  delayMs: z.int().min(0).max(60_000).optional(),
  /** How many attempts it is for, of each id; all of them unless given. */
  times: z.int().positive().optional(),
  eventIds: ids.optional(),
  paymentIds: ids.optional(),
});

export type BehaviourBody = z.infer<typeof behaviourBody>;

/** How deliveries of one target are answered. A target is an event id, a payment id, or everything. */
export interface Rule {
  readonly target: string;
  readonly status: number;
  readonly delayMs: number;
  /** Attempts left; none left is no rule. */
  readonly left: number | 'all';
}

export const matchAll = '*';

/** Rules for the targets that the body names: each has its own, so that tests that run side by side do not meet. */
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
    left: isReset ? 0 : (times ?? 'all'),
  }));
};

export const isActive = (rule: Rule | undefined): rule is Rule =>
  rule !== undefined && rule.left !== 0;

export const consumeRule = (rule: Rule): Rule => ({
  ...rule,
  left: rule.left === 'all' ? 'all' : Math.max(0, rule.left - 1),
});
