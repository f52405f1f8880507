import type { Context, DynamoDBRecord } from 'aws-lambda';
import type { DomainEvent } from '../../shared/domain/events/domain-event.ts';
import { idempotent } from '../../shared/lambda/idempotency.ts';
import type { RelayResult } from '../../shared/lambda/stream-handler.ts';
import { groupByTurn, type ParsedRecord, parseRecord } from './parsed-record.ts';
import { publishTogether } from './publish-together.ts';
import { createRelayRecord } from './relay-record.ts';

interface Dependencies extends Readonly<Parameters<typeof createRelayRecord>[0]> {
  /** Returns for each event why it was not published; undefined if it was. */
  readonly publish: (events: readonly DomainEvent[]) => Promise<readonly (Error | undefined)[]>;
}

type RelayTask = ParsedRecord & { readonly relay: () => Promise<RelayResult> };

/** The longest time of a request to EventBridge: three attempts of three seconds, and the pauses between them. */
const maxPublishMs = 10_000;

const failed = ({ recordId }: ParsedRecord, why: unknown): RelayResult => ({
  outcome: 'failed',
  id: `${recordId}: ${why}`,
});

/**
 * Outbox relay: publishes the events of stream records, up to ten in one request. EventBridge guarantees no order of
 * the entries of a request, so one request has at most one event of an item: the next event follows in a later one.
 * While a record fails, the later records of its item fail too, and Lambda delivers them again in order.
 *
 * Relays a record once in this process. Another process relays it again, under the same event id: each consumer has
 * a marker of the ids that it has handled.
 */
export const relayStreamRecords = ({ publish, ...dependencies }: Dependencies) => {
  const relayRecord = createRelayRecord(dependencies);
  const relayOnce = idempotent(
    {
      name: 'relay-changes',
      keyOf: ({ recordId }: RelayTask) => recordId,
      storedRejections: [],
    },
    ({ relay }: RelayTask) => relay(),
  );

  const relayGroup = async (group: readonly ParsedRecord[], context: Context) => {
    const settled = await publishTogether(
      publish,
      group.map((parsed) => ({
        isSender: 'event' in parsed,
        run: (send) => relayOnce({ ...parsed, relay: () => relayRecord(parsed, send) }, context),
      })),
    );

    return group.map((parsed, index): RelayResult => {
      const result = settled[index];
      if (result?.status !== 'fulfilled') return failed(parsed, result?.reason);
      const { value, replayed } = result.value;

      return replayed ? { ...value, outcome: 'duplicate' } : value;
    });
  };

  return async (
    records: readonly DynamoDBRecord[],
    context: Context,
  ): Promise<readonly RelayResult[]> => {
    const results = new Map<DynamoDBRecord, RelayResult>();
    const failedItems = new Set<string>();
    const keep = (parsed: ParsedRecord, result: RelayResult) => {
      results.set(parsed.record, result);
      if (result.outcome === 'failed') failedItems.add(parsed.itemKey);
    };
    const groups = groupByTurn(records.flatMap((record) => parseRecord(record) ?? []));
    for (const [turn, group] of groups.entries()) {
      const isLate = turn > 0 && context.getRemainingTimeInMillis() < maxPublishMs;
      const isOpen = ({ itemKey }: ParsedRecord) => !isLate && !failedItems.has(itemKey);
      const [open, held] = [group.filter(isOpen), group.filter((one) => !isOpen(one))];
      for (const one of held) keep(one, failed(one, 'it waits for an earlier record of its item'));
      const relayed = await relayGroup(open, context);
      for (const [index, one] of open.entries()) keep(one, relayed[index] as RelayResult);
    }

    return records.map(
      (one): RelayResult => results.get(one) ?? { outcome: 'skipped', id: one.eventID ?? '' },
    );
  };
};
