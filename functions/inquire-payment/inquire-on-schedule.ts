import { type Done, Postponed, waitFor } from '../../shared/lambda/sqs-handler.ts';
import { Unsent } from './errors.ts';
import { dueOf } from './inquiry-due.ts';
import type { Came, Messages } from './inquiry-message.ts';

/** Asks until nothing more is to be known: the message waits for each step, and ends with the last. */
export const onSchedule = async (
  { step, clock, timings }: Messages,
  { payment, context }: Came,
): Promise<Done> => {
  const leftUntil = (due: string) => Date.parse(due) - clock.now().getTime();
  const { paymentId, orderId, attempt, status } = payment;
  const after = (ms: number, until?: string): Done =>
    waitFor({ ms, until }, `${paymentId} waits for its next step`, { paymentId, orderId });
  const due = dueOf(payment);
  if (due === undefined) return { outcome: status, paymentId, orderId };
  // A failure waits for the end of its compensation, however long ago its check was due.
  const least = status === 'FAILED' ? (timings.redeliverAfterMs.at(-1) ?? 0) : 0;
  const left = leftUntil(due);
  if (left > 0 && left >= least) return after(left, due);
  if (least > 0) return after(least);
  const { value, replayed } = await step({ payment }, context).catch(unsentLater);
  const { dueAt, status: outcome, version } = value;
  // Whoever made the step waits for the next one; a duplicate of it would wait for ever beside it.
  if (replayed) return { outcome: 'asked before', replayed, paymentId, orderId, attempt };
  if (dueAt !== undefined) return after(leftUntil(dueAt), dueAt);

  return { outcome, paymentId, orderId, attempt, version };
};

const unsentLater = (error: unknown): never => {
  if (error instanceof Unsent) throw new Postponed(error.message, error.afterMs, { cause: error });
  throw error;
};
