import { type EventName, subscriptions } from '../../../shared/domain/events/domain-event.ts';
import type { Delivery } from '../run-record.ts';
import type { Check } from './check.ts';
import { type StoredEvent, storedEventsOf } from './stored-events.ts';

const consumerOf = {
  'data-platform': 'send-to-data-platform',
  notifications: 'notify-buyer',
} as const satisfies Record<Delivery['receiver'], keyof typeof subscriptions>;

const receivers = Object.keys(consumerOf) as Delivery['receiver'][];

const expectedOf = ({ id, name }: StoredEvent): readonly string[] =>
  receivers
    .filter((receiver) =>
      (subscriptions[consumerOf[receiver]] as readonly EventName[]).includes(name),
    )
    .map((receiver) => `${receiver} ${id}`);

/**
 * Nothing replays these events after a fault lost them between the bus and the queue of their consumer: a delivery
 * of such an event may be missing.
 */
export const deliveries: Check = {
  name: 'deliveries',
  property:
    'Each receiver gets each event that its consumer subscribes to, under one key with one body, and nothing else.',
  invariants: [7, 9],
  atEnd: (run) => {
    const lost = new Set(run.lostEvents);
    const events = storedEventsOf(run);
    const expected = new Set(events.flatMap(expectedOf));
    const due = events.filter(({ id }) => !lost.has(id)).flatMap(expectedOf);
    const found = new Set(run.deliveries.map(({ receiver, key }) => `${receiver} ${key}`));

    return [
      ...due.filter((id) => !found.has(id)).map((id) => `${id} was never delivered`),
      ...[...found].filter((id) => !expected.has(id)).map((id) => `${id} tells of nothing`),
      ...run.deliveries
        .filter(({ bodies }) => bodies.length > 1)
        .map(({ receiver, key, bodies }) => `${receiver} ${key} has ${bodies.length} bodies`),
    ];
  },
};
