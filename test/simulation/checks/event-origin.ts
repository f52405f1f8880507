import { versionOf } from '../../../shared/domain/events/domain-event.ts';
import type { BusEvent } from '../aws/event-bridge.ts';
import type { RunRecord } from '../run-record.ts';
import type { Check } from './check.ts';
import { storedEventsOf } from './stored-events.ts';
import { ordersOf, paymentsOf } from './stored-items.ts';

/** An order keeps no history: its version can only be compared with the last one. */
const isOfOrder = (run: RunRecord, event: BusEvent): boolean => {
  const id = String(event.detail.id);
  const subject = String(event.detail.subject);
  const order = ordersOf(run).find(({ orderId }) => orderId === subject);
  if (order === undefined) return false;
  const isCancelled = event['detail-type'] === 'OrderCancelled';

  return (
    versionOf({ id, subject }) <= order.version && isCancelled === (order.status === 'CANCELLED')
  );
};

/** A payment that was never UNKNOWN is inquired about by an event that has the version of its claim. */
const claimsOf = (run: RunRecord): readonly string[] =>
  paymentsOf(run).flatMap(({ paymentId, history }) =>
    history
      .filter(({ to }) => to === 'CHARGING')
      .map(({ version }) => `PaymentOutcomeUnknown ${paymentId}-${version}`),
  );

export const eventOrigin: Check = {
  name: 'event-origin',
  property:
    'Every published event is about a version that is stored, and about the step that made it.',
  invariants: [6],
  atEnd: (run) => {
    const stored = new Set([
      ...storedEventsOf(run).map(({ name, id }) => `${name} ${id}`),
      ...claimsOf(run),
    ]);

    return run.published
      .filter(({ event }) => !stored.has(`${event['detail-type']} ${event.detail.id}`))
      .filter(({ event }) => !(event['detail-type'].startsWith('Order') && isOfOrder(run, event)))
      .map(
        ({ event, by }) =>
          `${event['detail-type']} ${event.detail.id} of ${by} has no stored version`,
      );
  },
};
