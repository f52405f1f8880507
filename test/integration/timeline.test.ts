import { describe, expect, it } from 'vitest';
import { createLocalProbe } from '../../dev/ops/stack-probe.ts';
import { subscriptions } from '../../shared/domain/events/subscriptions.ts';
import type {
  operatorKinds,
  TimelineEntry,
  timelineKinds,
} from '../../shared/domain/timeline/timeline-entry.ts';
import { eventually } from '../support/eventually.ts';
import { type AcceptedPayment, api, transports } from '../support/stack/api-client.ts';
import { stack } from '../support/stack/aws-clients.ts';
import { anUnknownPayment, chargeDirectly } from '../support/stack/forced-states.ts';
import { storedPayment } from '../support/stack/repositories.ts';
import { anOrder, aProduct } from '../support/stack/stack-fixtures.ts';
import { sendWebhook } from '../support/stack/webhooks.ts';

type Entry = TimelineEntry<(typeof timelineKinds)[number] | (typeof operatorKinds)[number]>;
interface TimelineBody {
  readonly entries: readonly Entry[];
  readonly pendingActions: readonly { readonly at?: string; readonly detail: string }[];
}

/** The buyer's timeline. */
const timelineOf = async ({ buyer, paymentId }: AcceptedPayment): Promise<TimelineBody> =>
  (await api.send({ method: 'GET', path: `/payments/${paymentId}/timeline`, buyer }))
    .body as unknown as TimelineBody;

/** The operator's timeline. */
const operatorTimelineOf = async (paymentId: string): Promise<TimelineBody> =>
  (await api.asOperator({ method: 'GET', path: `/operator/payments/${paymentId}/timeline` }))
    .body as unknown as TimelineBody;

const eventRow = (of: string, eventId: string) => ['event', of, eventId, undefined];
const transitionRow = (kind: string, to: string, ...calls: readonly string[]) => [
  kind,
  to,
  undefined,
  calls.length > 0 ? calls : undefined,
];

/** The entries that are the same in every run; which webhook leads to an inquiry is not. */
const stableRows = (entries: readonly Entry[]) =>
  entries
    .filter(({ kind }) => kind !== 'webhook')
    .map(({ kind, to, detail, eventId, gatewayCalls: calls }) => [
      kind,
      to ?? detail,
      eventId,
      calls?.map(({ operation, outcome }) => `${operation}: ${outcome}`),
    ]);

/** Entries of consumers come in any order. */
const isConsumerEntry = ({ kind, detail }: Entry) =>
  kind === 'consumer' || /^Points(Added|Corrected)$/.test(detail);

/** The scheduled inquiry and the webhook's may run concurrently: the second response is then stored as evidence. */
const isLateAnswer = ({ kind, detail }: Entry) =>
  kind === 'evidence' && detail.includes('too late for version');

describe.concurrent('a payment that was UNKNOWN, completed, then partially refunded', () => {
  it('has a complete ordered timeline for its buyer and for operators', async () => {
    const sku = await aProduct({ price: 2_000, available: 10 });
    const order = await anOrder({ lines: [{ sku, quantity: 2 }] });
    const payment = await api.accepted(order, { paymentMethod: 'sim_error_after_effect' });
    const { paymentId } = payment;
    expect(await api.settled(payment)).toMatchObject({ status: 'COMPLETED' });
    const pointsSet = 'add-loyalty-points set 40 points after PaymentCompleted';
    // A consumer that receives the refund first has nothing to set for the payment.
    await eventually(async () =>
      expect((await operatorTimelineOf(paymentId)).entries).toContainEqual(
        expect.objectContaining({ detail: pointsSet }),
      ),
    );
    const { refundId } = await api.refunded(payment, { amount: 1_000 });
    const [sale, back] = [`${paymentId}-4`, `${refundId}-2`];
    const itsWay = [
      transitionRow('accept', 'RESERVED'),
      eventRow('PaymentReserved', `${paymentId}-1`),
      transitionRow('claim', 'CHARGING'),
      transitionRow('charge', 'UNKNOWN', 'charge: ambiguous'),
      eventRow('PaymentOutcomeUnknown', `${paymentId}-3`),
      transitionRow('inquiry', 'COMPLETED', 'inquire: approved'),
      eventRow('PaymentCompleted', sale),
      transitionRow('refund', 'REQUESTED'),
      eventRow('RefundRequested', `${refundId}-1`),
      transitionRow('refund', 'SUCCEEDED', 'refund: refunded'),
      eventRow('RefundCompleted', back),
    ];

    await eventually(async () => {
      const { entries, pendingActions: due } = await timelineOf(payment);

      expect(stableRows(entries)).toEqual(itsWay);
      expect(due).toEqual([]);
    });
    const { entries } = await eventually(async () => {
      const story = await operatorTimelineOf(paymentId);
      const effects = story.entries.filter(isConsumerEntry).map(({ detail }) => detail);

      expect(story.pendingActions).toEqual([]);
      expect(effects.toSorted()).toEqual([
        'PointsAdded',
        'PointsCorrected',
        'add-loyalty-points set 30 points after RefundCompleted',
        pointsSet,
        'notify-buyer delivered PaymentCompleted',
        'notify-buyer delivered PointsAdded',
        'notify-buyer delivered PointsCorrected',
        'notify-buyer delivered RefundCompleted',
        'send-to-data-platform delivered PaymentCompleted',
        'send-to-data-platform delivered RefundCompleted',
        'update-ranking counted PaymentCompleted',
        'update-ranking counted RefundCompleted',
      ]);

      return story;
    });
    const moves = entries.filter((entry) => !isConsumerEntry(entry) && !isLateAnswer(entry));
    expect(stableRows(moves)).toEqual(itsWay);
    for (const [index, { kind, eventId }] of entries.entries()) {
      const first = entries.findIndex((each) => each.eventId === eventId);
      if (kind === 'consumer') expect(entries[first]?.kind, `${eventId} at ${index}`).toBe('event');
    }
  });
});

describe.concurrent('npm run ops', () => {
  it('counts payments and the messages of every queue', async () => {
    const { paymentId } = await api.accepted(await anOrder(), {
      paymentMethod: 'sim_wrong_amount',
    });
    const look = await createLocalProbe(stack);

    await eventually(async () => {
      const { counts: counted, backlog, queues } = await look();

      expect(await storedPayment(paymentId)).toMatchObject({ status: 'IN_REVIEW' });
      expect(counted?.inReview).toBeGreaterThan(0);
      const inReview = backlog.find(({ state }) => state === 'IN_REVIEW');
      const won = inReview?.amountByCurrency.find(({ currency }) => currency === 'KRW');
      expect(won?.amount).toBeGreaterThan(0);
      expect(queues.map(({ consumer }) => consumer)).toEqual(
        expect.arrayContaining([...Object.keys(subscriptions), 'relay-failures']),
      );
    });
  });
});

describe.concurrent.each(transports)('over %s, a webhook that caused an inquiry', (_name, via) => {
  it('is listed before its inquiry', async () => {
    const unknown = await anUnknownPayment(await anOrder({ via }));
    const { paymentId, userId: buyer, orderId } = unknown;
    const due = [{ at: unknown.dueAt, detail: expect.stringMatching(/^inquiry \d of/) }];
    expect(await timelineOf({ paymentId, buyer, orderId })).toMatchObject({ pendingActions: due });
    await chargeDirectly(unknown);

    expect(await sendWebhook(via, 'charge.done', paymentId)).toMatchObject({ status: 200 });

    await eventually(async () => {
      const { entries } = await operatorTimelineOf(paymentId);

      expect(entries.filter((entry) => !isConsumerEntry(entry))).toMatchObject([
        { kind: 'accept' },
        { kind: 'event' },
        { kind: 'claim' },
        { kind: 'charge', to: 'UNKNOWN' },
        { kind: 'event', detail: 'PaymentOutcomeUnknown' },
        { kind: 'webhook' },
        {
          kind: 'inquiry',
          to: 'COMPLETED',
          gatewayCalls: [{ operation: 'inquire', outcome: 'approved' }],
        },
        { kind: 'event', detail: 'PaymentCompleted' },
      ]);
    });
  });
});
