import * as z from 'zod';
import { IllegalTransitionError } from '../errors.ts';
import type { HistoryEntry, Transition } from '../state-machine.ts';
import { buildEvent, type DomainEvent, type EventName } from './domain-event.ts';
import { buildOrThrow } from './event-not-built.ts';

/** What every image of a payment or refund must have. The event's own schema checks the other fields. */
export const aggregateImage = z.object({
  version: z.int().positive(),
  updatedAt: z.iso.datetime(),
  traceparent: z.string().optional().catch(undefined),
  orderId: z.unknown().optional(),
  userId: z.unknown().optional(),
  amount: z.unknown().optional(),
  currency: z.unknown().optional(),
  failure: z
    .object({ code: z.unknown().optional(), reason: z.unknown().optional() })
    .optional()
    .catch(undefined),
});

type AggregateImage = z.infer<typeof aggregateImage>;

interface ImageFailure<Code> {
  readonly code: Code;
  readonly reason: unknown;
}

/**
 * Reads the failure of an image for its buyer. One without a code stays as it is: the event's schema rejects
 * it.
 */
export const failureForBuyer =
  (toBuyer: (failure: ImageFailure<string>) => ImageFailure<string>) =>
  ({ failure }: AggregateImage): ImageFailure<unknown> => {
    const { code, reason } = failure ?? {};

    return typeof code === 'string' ? toBuyer({ code, reason }) : { code, reason };
  };

/** An order line in an image. */
export const imageLine = z.object({ sku: z.string(), quantity: z.int() });

/** How the transitions of a payment or refund become events. */
interface EventMapping<
  Status extends string,
  Name extends EventName,
  Image extends AggregateImage,
> {
  readonly of: 'payment' | 'refund';
  readonly state: z.ZodType<{ status: Status }>;
  readonly image: z.ZodType<Image>;
  readonly idOf: (image: Image) => string;
  readonly transitionOf: (
    from: Status | undefined,
    to: Status,
  ) => Transition<Status, EventName> | undefined;
  /** The event of one version. A transition that keeps the status has it in its history entry. */
  readonly eventOfEntry: (
    entry: Pick<HistoryEntry<Status>, 'from' | 'to' | 'event'>,
  ) => EventName | undefined;
  readonly dataOf: Readonly<Record<Name, (image: Image, from?: Status) => object>>;
  /** The image as it was when a version of the history was written, as far as the data of its event needs it. */
  readonly imageAt?: (image: Image, item: WithHistory<Status>, version: number) => Image;
}

/** Builds the events of a payment or refund, from a change of its item or from its history. */
export const createAggregateEvents = <
  Status extends string,
  Name extends EventName,
  Image extends AggregateImage,
>({
  of,
  state,
  image,
  idOf,
  transitionOf,
  eventOfEntry,
  dataOf,
  imageAt = (parsed) => parsed,
}: EventMapping<Status, Name, Image>) => {
  const build = (name: Name, parsed: Image, { version, at, from }: Move<Status>): DomainEvent => {
    const source = { subject: idOf(parsed), version, at, traceparent: parsed.traceparent };

    return buildEvent(name, source, dataOf[name](parsed, from));
  };

  return {
    /**
     * Returns the event of a change between two images, if it has one. Throws IllegalTransitionError if the
     * transition table does not have the change, and ZodError if an image is not valid.
     */
    eventOfChange: (before: unknown, after: unknown): DomainEvent | undefined => {
      const from = state.optional().parse(before)?.status;
      const { status } = state.parse(after);
      if (transitionOf(from, status) === undefined && from !== status)
        throw new IllegalTransitionError(`The ${of}`, from ?? 'nothing', status);
      const event = from === status ? eventOfNewVersion(before, after) : undefined;
      const name = eventOfEntry({ ...(from && { from }), to: status, ...(event && { event }) }) as
        | Name
        | undefined;
      if (name === undefined) return undefined;
      const parsed = image.parse(after);

      return build(name, parsed, { version: parsed.version, at: parsed.updatedAt, from });
    },

    /**
     * Builds the last event of a name in the history again, or that of a version, with its first id and data, so
     * that consumers detect the duplicate. Throws EventNotBuiltError if the history has none, or if the item does
     * not match the event's schema.
     */
    replay: (id: string, item: WithHistory<Status>, name: Name, version?: number): DomainEvent => {
      // A stored item may lack its history.
      const move = item.history?.findLast(
        (entry) =>
          eventOfEntry(entry) === name && (version === undefined || entry.version === version),
      );

      return buildOrThrow({ of, image: item, version: move?.version }, () => {
        if (!move) throw new Error(`The history of ${id} has no ${name}.`);

        // `updatedAt` as of that version: refunds have updated a completed payment since.
        const parsed = imageAt(image.parse(item), item, move.version);

        return build(name, { ...parsed, updatedAt: move.at }, move);
      });
    },
  };
};

const versionedImage = z.object({
  version: z.int(),
  history: z.array(z.object({ version: z.int(), event: z.string().optional() })),
});

/** The event in the history entry of the version that a change made; undefined if it made none. */
const eventOfNewVersion = (before: unknown, after: unknown): string | undefined => {
  const [old, current] = [before, after].map((image) => versionedImage.safeParse(image).data);
  if (!old || !current || old.version === current.version) return undefined;

  return current.history.findLast(({ version }) => version === current.version)?.event;
};

type Move<Status extends string> = Pick<HistoryEntry<Status>, 'version' | 'at' | 'from'>;

interface WithHistory<Status extends string> {
  readonly history: readonly HistoryEntry<Status>[];
}
