import type { EventName } from '../../../shared/domain/events/domain-event.ts';
import { subscriptions } from '../../../shared/domain/events/subscriptions.ts';
import type { Delivery } from '../run-record.ts';
import type { Check } from './check.ts';
import { isLostTo } from './lost-events.ts';
import { type StoredEvent, storedEventsOf } from './stored-events.ts';

const consumerOf = {
  'data-platform': 'send-to-data-platform',
  notifications: 'notify-buyer',
} as const satisfies Record<Delivery['receiver'], keyof typeof subscriptions>;

const receivers = Object.keys(consumerOf) as Delivery['receiver'][];

const receiversOf = ({ name }: StoredEvent): readonly Delivery['receiver'][] =>
  receivers.filter((receiver) =>
    (subscriptions[consumerOf[receiver]] as readonly EventName[]).includes(name),
  );

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
    const events = storedEventsOf(run);
    const deliveriesOf = (event: StoredEvent) =>
      receiversOf(event).map((receiver) => ({ receiver, id: event.id }));
    const expected = events.flatMap(deliveriesOf);
    const known = new Set(expected.map(({ receiver, id }) => `${receiver} ${id}`));
    const due = expected
      .filter(({ receiver, id }) => !isLostTo(run, consumerOf[receiver], id))
      .map(({ receiver, id }) => `${receiver} ${id}`);
    const found = new Set(run.deliveries.map(({ receiver, key }) => `${receiver} ${key}`));

    return [
      ...due.filter((id) => !found.has(id)).map((id) => `${id} was never delivered`),
      ...[...found].filter((id) => !known.has(id)).map((id) => `${id} is of no stored event`),
      ...run.deliveries
        .filter(({ bodies }) => bodies.length > 1)
        .map(({ receiver, key, bodies }) => `${receiver} ${key} has ${bodies.length} bodies`),
    ];
  },
};
