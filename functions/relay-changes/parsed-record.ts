import type { DynamoDBRecord } from 'aws-lambda';
import type { DomainEvent } from '../../shared/domain/events/domain-event.ts';
import { publishedEventOfRecord } from '../../shared/persistence/stream-record.ts';

/** A stream record with its event, or with the fault because of which it has none. */
export type ParsedRecord = {
  readonly record: DynamoDBRecord;
  readonly recordId: string;
  /** Equal for the records of one item. */
  readonly itemKey: string;
} & ({ readonly event: DomainEvent } | { readonly fault: unknown });

/** Parses a stream record. Returns undefined if it has no event. */
export const parseRecord = (record: DynamoDBRecord): ParsedRecord | undefined => {
  const { eventID, dynamodb } = record;
  const itemKey = JSON.stringify(dynamodb?.Keys ?? {});
  const base = { record, recordId: eventID ?? itemKey, itemKey };
  try {
    const event = publishedEventOfRecord(record);

    return event && { ...base, event };
  } catch (fault) {
    return { ...base, fault };
  }
};

/** Groups records so that those of one item are in different groups, in their order. */
export const groupByTurn = (records: readonly ParsedRecord[]): readonly ParsedRecord[][] => {
  const turns = new Map<string, number>();
  const groups: ParsedRecord[][] = [];
  for (const one of records) {
    const turn = turns.get(one.itemKey) ?? 0;
    turns.set(one.itemKey, turn + 1);
    groups[turn] = [...(groups[turn] ?? []), one];
  }

  return groups;
};
