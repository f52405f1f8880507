import type { DomainEvent } from '../domain/events/domain-event.ts';

/** What a handler did with an event, for its entry in the log line of the batch. */
export type BatchEntryDetails = Readonly<Record<string, string | number | boolean | undefined>>;

/**
 * An event in the log line of its batch: the event's id, and each detail that the id does not contain, such as
 * `rfd_1-2 paymentId=pay_1 attempt=1`. The order and the trace are left out: the line of the accepted request
 * has them together with the payment's id.
 */
export const batchEntryOf = (
  { id, data }: Pick<DomainEvent, 'id' | 'data'>,
  details: BatchEntryDetails = {},
): string => {
  const { paymentId } = data as { readonly paymentId?: string };
  const shown = Object.entries({ paymentId, ...details }).filter(
    ([name, value]) =>
      value !== undefined &&
      name !== 'orderId' &&
      !(typeof value === 'string' && id.includes(value)),
  );

  return [id, ...shown.map(([name, value]) => `${name}=${value}`)].join(' ');
};

/** Collects the entries of a batch by outcome, for its one log line. */
export const createBatchOutcomes = <O extends string>() => {
  const entries: Partial<Record<O, readonly string[]>> = {};

  return {
    entries: entries as Readonly<typeof entries>,
    add(outcome: O, entry: string): void {
      entries[outcome] = [...(entries[outcome] ?? []), entry];
    },
  };
};
