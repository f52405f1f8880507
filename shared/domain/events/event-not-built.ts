import * as z from 'zod';

/**
 * What an outbox event is built from: the item of a payment, a refund or an order, or points that a payment
 * earned.
 */
export type OutboxEntity = 'payment' | 'refund' | 'order' | 'points';

/** The item of an event. */
interface EventSource {
  readonly of: OutboxEntity;
  readonly image: unknown;
  /** The version of the event. Undefined if it is not known: then the item's own. */
  readonly version?: number | undefined;
}

/** An event cannot be built from an item, because the item does not match the event's schema. */
export class EventNotBuiltError extends Error {
  readonly source: EventSource;
  readonly reason: string;

  constructor(source: EventSource, fault: unknown) {
    const reason = reasonOf(fault);
    super(`Event of ${source.of} cannot be built: ${reason}`, { cause: fault });
    this.name = 'EventNotBuiltError';
    this.source = source;
    this.reason = reason;
  }
}

/** Returns the event; throws EventNotBuiltError if building it throws anything. */
export const buildOrThrow = <E>(source: EventSource, build: () => E): E => {
  try {
    return build();
  } catch (fault) {
    throw new EventNotBuiltError(source, fault);
  }
};

/** Returns the event or the EventNotBuiltError; throws any other error. */
export const eventOrError = <E>(build: () => E): E | EventNotBuiltError => {
  try {
    return build();
  } catch (error) {
    if (error instanceof EventNotBuiltError) return error;
    throw error;
  }
};

/** The invalid fields and the fault of each, without their values. */
const reasonOf = (fault: unknown): string =>
  fault instanceof z.ZodError
    ? fault.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ')
    : String(fault instanceof Error ? fault.message : fault);
