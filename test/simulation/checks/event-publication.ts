import type { Check } from './check.ts';
import { storedEventsOf } from './stored-events.ts';
import { ordersOf } from './stored-items.ts';

/**
 * The relay publishes each change, and what it gives up is redriven from its dead-letter queue: no fault excuses a
 * missing event.
 */
export const eventPublication: Check = {
  name: 'event-publication',
  property: 'Every stored version that has an event is published, at least once.',
  invariants: [6, 9],
  atEnd: (run) => {
    const ids = new Set(run.published.map(({ event }) => String(event.detail.id)));
    const ofOrders = new Set(
      run.published
        .filter(({ event }) => event['detail-type'].startsWith('Order'))
        .map(({ event }) => `${event['detail-type']} ${event.detail.subject}`),
    );
    const missing = storedEventsOf(run)
      .filter(({ id }) => !ids.has(id))
      .map(({ name, id }) => `${name} ${id} was never published`);
    const endedOrders = ordersOf(run).flatMap(({ orderId, status }) => {
      if (status === 'PENDING_PAYMENT' || status === 'PAYING') return [];
      const name = status === 'CANCELLED' ? 'OrderCancelled' : 'OrderCompleted';

      return ofOrders.has(`${name} ${orderId}`)
        ? []
        : [`${name} of ${orderId} was never published`];
    });

    return [...missing, ...endedOrders];
  },
};
