import type { WebhookBody } from '../../gateway/simulator/protocol.ts';
import { deriveId, type SimulatorAccount, type SimulatorCharge } from './account.ts';
import type { Behaviour } from './behaviours.ts';

/** A webhook to send. */
export interface WebhookEvent {
  /** The same for each copy of the webhook. */
  readonly id: string;
  readonly type: WebhookBody['type'];
  readonly reference: string;
  /** When to send it, in milliseconds since the epoch. */
  readonly at: number;
}

/**
 * The webhooks that follow from a change of an account: new charges, decisions of their buyers, new refunds,
 * the cancellation of the reference.
 */
export const webhookEventsFor = (
  previous: SimulatorAccount,
  current: SimulatorAccount,
  behaviourOf: (paymentMethod: string) => Pick<Behaviour, 'webhooks'> | undefined,
): readonly WebhookEvent[] => {
  const { reference } = current;
  const known = new Set(previous.charges.filter(isDecided).map(({ key }) => key));
  const charged = current.charges
    .filter((each) => each.notify && isDecided(each) && !known.has(each.key))
    .flatMap(({ key, paymentMethod, settlesAt, effect }) =>
      (behaviourOf(paymentMethod)?.webhooks ?? []).map(({ type: typeOfCapture, afterMs }) => {
        const type = effect === 'declined' ? 'charge.aborted' : typeOfCapture;

        return { id: deriveId('evt', `${key} ${type}`), type, reference, at: settlesAt + afterMs };
      }),
    );
  const events = [...charged, ...refundWebhookEvents(previous, current)];
  if (current.cancelledAt === undefined || previous.cancelledAt !== undefined) return events;

  const id = deriveId('evt', `cancelled ${reference}`);

  return [...events, { id, type: 'charge.aborted', reference, at: current.cancelledAt }];
};

/** A charge with a challenge is decided by its buyer; its expiry sends no webhook. */
const isDecided = ({ challenge }: SimulatorCharge): boolean =>
  challenge === undefined || challenge.decidedAt !== undefined;

/** The webhooks about new refunds, ours and others: that they were paid, and that they failed later. */
const refundWebhookEvents = (
  previous: SimulatorAccount,
  { reference, refunds, charges }: SimulatorAccount,
): WebhookEvent[] => {
  const known = new Set(previous.refunds.map(({ key }) => key));
  if (charges.some(({ notify }) => !notify)) return [];

  return refunds
    .filter(({ key, rejectionCode }) => !rejectionCode && !known.has(key))
    .flatMap(({ key, settlesAt, failsAt }) => {
      const event = (type: WebhookEvent['type'], at: number): WebhookEvent => ({
        id: deriveId('evt', `${key} ${type}`),
        type,
        reference,
        at,
      });

      return [
        event('refund.done', settlesAt),
        ...(failsAt === undefined ? [] : [event('refund.failed', failsAt)]),
      ];
    });
};
