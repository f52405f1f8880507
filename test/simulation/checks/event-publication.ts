import { isPublished } from '../../../shared/domain/outbox/outbox-event.ts';
import type { RunRecord } from '../run-record.ts';
import type { Check } from './check.ts';
import { hasRelayGivenUpOrders } from './relay-failures.ts';
import { storedEventsOf } from './stored-events.ts';
import { ordersOf } from './stored-items.ts';

const missingOfHistories = (run: RunRecord): readonly string[] => {
  const ids = new Set(run.published.map(({ event }) => String(event.detail.id)));

  return storedEventsOf(run)
    .filter(({ id }) => !ids.has(id))
    .map(({ name, id }) => `${name} ${id} was never published`);
};

const missingOfOrders = (run: RunRecord): readonly string[] => {
  if (hasRelayGivenUpOrders(run)) return [];
  const published = new Set(
    run.published
      .filter(({ event }) => event['detail-type'].startsWith('Order'))
      .map(({ event }) => `${event['detail-type']} ${event.detail.subject}`),
  );

  return ordersOf(run).flatMap(({ orderId, status }) => {
    if (status === 'PENDING_PAYMENT' || status === 'PAYING') return [];
    const name = status === 'CANCELLED' ? 'OrderCancelled' : 'OrderCompleted';

    return !isPublished(name) || published.has(`${name} ${orderId}`)
      ? []
      : [`${name} of ${orderId} was never published`];
  });
};

/** What the relay gives up is redriven from its dead-letter queue, as far as the items keep their history. */
export const eventPublication: Check = {
  name: 'event-publication',
  property: 'Every stored version that has an event is published, at least once.',
  invariants: [6, 9],
  atEnd: (run) => [...missingOfHistories(run), ...missingOfOrders(run)],
};
