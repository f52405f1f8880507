import * as z from 'zod';
import type { StreamChange } from '../payments/payment-events.ts';
import type { Review } from '../reviews/review.ts';

/** The item of which an event was to be built. */
interface EventSource {
  readonly of: StreamChange['of'];
  readonly image: unknown;
  /** The version that the event would have had; the item's own if it is not known. */
  readonly version?: number | undefined;
}

/** An item, or a move of it, that cannot be turned into its event: its values are none that the event's schema takes. */
export class EventNotBuiltError extends Error {
  readonly source: EventSource;
  readonly reason: string;

  constructor(source: EventSource, fault: unknown) {
    const reason = reasonOf(fault);
    super(`The event of a ${source.of} cannot be built: ${reason}`, { cause: fault });
    this.name = 'EventNotBuiltError';
    this.source = source;
    this.reason = reason;
  }
}

/** The event that is built of an item; throws EventNotBuiltError for whatever keeps it from being built. */
export const buildOrThrow = <E>(source: EventSource, build: () => E): E => {
  try {
    return build();
  } catch (fault) {
    throw new EventNotBuiltError(source, fault);
  }
};

/** The event, or why it cannot be built; throws whatever else goes wrong. */
export const eventOrError = <E>(build: () => E): E | EventNotBuiltError => {
  try {
    return build();
  } catch (error) {
    if (error instanceof EventNotBuiltError) return error;
    throw error;
  }
};

/** The faulty fields and what is wrong with each. No values. */
const reasonOf = (fault: unknown): string =>
  fault instanceof z.ZodError
    ? fault.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ')
    : String(fault instanceof Error ? fault.message : fault);

/** What the item says, as far as it can be used. */
const reviewableItem = z.object({
  paymentId: z.string().min(1),
  refundId: z.string().min(1).optional().catch(undefined),
  orderId: z.string().min(1).catch('unknown'),
  userId: z.string().min(1).catch('unknown'),
  version: z.int().nonnegative().catch(0),
  amount: z.coerce.number().catch(0),
  // ISO 4217 has this code where no currency is involved.
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/)
    .catch('XXX'),
});

/** So much money at most, in a number that the index of the reviews can sort by. */
const amountAtRiskOf = (amount: number): number =>
  Number.isNaN(amount) ? 0 : Math.min(Math.ceil(Math.abs(amount)), Number.MAX_SAFE_INTEGER);

/**
 * The review of an event that cannot be built, still without its id: nothing that the event would have started is going to happen by
 * itself. Undefined if the item names no payment.
 */
export const reviewFromUnbuiltEvent = (
  { source: { of, image, version }, reason }: EventNotBuiltError,
  at: Date,
): Omit<Review, 'reviewId'> | undefined => {
  const named =
    of === 'order' ? { ...Object(image), paymentId: Object(image).activePaymentId } : image;
  const { data } = reviewableItem.safeParse(named);
  if (data === undefined) return undefined;
  const { amount, refundId, ...item } = data;

  return {
    ...item,
    ...(of === 'refund' && refundId && { refundId }),
    kind: 'event',
    version: version ?? item.version,
    code: 'event-not-built',
    detail: reason,
    amountAtRisk: amountAtRiskOf(amount),
    status: 'OPEN',
    openedAt: at.toISOString(),
    audit: [],
  };
};
