import { toldAgain } from '../domain/changes.ts';
import type { DomainEvent } from '../domain/events.ts';
import type { Payment } from '../domain/payment.ts';
import { eventOf } from '../domain/transitions.ts';

/** Every event that a payment's journal tells of, made again: who heard one knows it by its id. */
export const storyOf = (payment: Payment): readonly DomainEvent[] => {
  const names = payment.history.flatMap(({ from, to }) => eventOf(from, to) ?? []);

  return [...new Set(names)].map((name) =>
    toldAgain(payment, name as Parameters<typeof toldAgain>[1]),
  );
};
