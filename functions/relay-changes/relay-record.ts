import type { ReviewUnbuiltEvent } from '../../shared/application/events/review-unbuilt-event.ts';
import type { DomainEvent } from '../../shared/domain/events/domain-event.ts';
import { EventNotBuiltError } from '../../shared/domain/events/event-not-built.ts';
import type { Clock } from '../../shared/domain/time.ts';
import { batchEntryOf } from '../../shared/lambda/batch-outcomes.ts';
import { EventRefusedError } from '../../shared/lambda/event-publisher.ts';
import type { RelayResult } from '../../shared/lambda/stream-handler.ts';
import { recordPointerOf } from '../../shared/persistence/stream-record.ts';
import type { ParsedRecord } from './parsed-record.ts';

interface Dependencies {
  readonly review: ReviewUnbuiltEvent;
  readonly quarantine: (pointer: object) => Promise<unknown>;
  readonly clock: Clock;
}

/**
 * Publishes the event of one record with `send`. A record whose event cannot be built, or is refused by EventBridge
 * for its content, is quarantined, so that it does not block later records. If the event cannot be built, opens a
 * review as well.
 */
export const createRelayRecord = ({ review, quarantine, clock }: Dependencies) => {
  const quarantineRecord = async (
    { record, recordId }: ParsedRecord,
    fault: unknown,
  ): Promise<RelayResult> => {
    if (fault instanceof EventNotBuiltError) await review(fault, clock.now());
    const refused = fault instanceof EventRefusedError && { id: fault.eventId, code: fault.code };
    await quarantine({ ...recordPointerOf(record), ...(refused && { refused }) });

    return { outcome: 'quarantined', id: `${recordId}: ${fault}` };
  };

  return async (
    parsed: ParsedRecord,
    send: (event: DomainEvent) => Promise<void>,
  ): Promise<RelayResult> => {
    if ('fault' in parsed) return quarantineRecord(parsed, parsed.fault);
    const { event } = parsed;
    try {
      await send(event);
    } catch (error) {
      if (error instanceof EventRefusedError) return quarantineRecord(parsed, error);
      throw error;
    }

    return { outcome: 'published', id: batchEntryOf(event), event: event.name };
  };
};
