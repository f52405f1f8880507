import {
  type EventName,
  envelopeSchema,
  eventData,
  eventSource,
} from '../../../shared/domain/events/domain-event.ts';
import type { PublishedEvent } from '../aws/event-bridge.ts';
import type { Check } from './check.ts';

const isEventName = (name: string): name is EventName => name in eventData;

const schemas = new Map(
  (Object.keys(eventData) as EventName[]).map((name) => [name, envelopeSchema(name)] as const),
);

const faultsOf = ({ event, by }: PublishedEvent): readonly string[] => {
  const { 'detail-type': name, source, detail } = event;
  // The events of other sources are not ours.
  if (source !== eventSource) return [];
  if (!isEventName(name)) return [`${by} publishes ${name}, which has no schema`];
  const issues = schemas.get(name)?.safeParse(detail).error?.issues ?? [];

  return issues.map(
    ({ path, message }) => `${name} ${detail.id} of ${by}: ${path.join('.')}: ${message}`,
  );
};

export const eventSchemas: Check = {
  name: 'event-schemas',
  property: 'Every published event matches its published schema.',
  invariants: [6],
  atEnd: ({ published }) => published.flatMap(faultsOf),
};
