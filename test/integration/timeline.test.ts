import { describe, expect, it } from 'vitest';
import { sightOfLocal } from '../../dev/ops/stack-probe.ts';
import { subscriptions } from '../../shared/domain/events/domain-event.ts';
import type {
  innerKinds,
  TimelineEntry,
  timelineKinds,
} from '../../shared/domain/timeline/timeline-entry.ts';
import { eventually } from '../support/eventually.ts';
import { type AcceptedPayment, api, transports } from '../support/stack/api-client.ts';
import { stack } from '../support/stack/aws-clients.ts';
import { anUnknownPayment, chargeByHand } from '../support/stack/forced-states.ts';
import { storedPayment } from '../support/stack/repositories.ts';
import { anOrder, aProduct } from '../support/stack/stack-fixtures.ts';
import { sendWebhook } from '../support/stack/webhooks.ts';

type Entry = TimelineEntry<(typeof timelineKinds)[number] | (typeof innerKinds)[number]>;
interface Story {
  readonly entries: readonly Entry[];
  readonly due: readonly { readonly at?: string; readonly detail: string }[];
}

/** As its buyer sees it. */
const timelineOf = async ({ buyer, paymentId }: AcceptedPayment): Promise<Story> =>
  (await api.send({ method: 'GET', path: `/payments/${paymentId}/timeline`, buyer }))
    .body as unknown as Story;

/** As an operator sees it. */
const explained = async (paymentId: string): Promise<Story> =>
  (await api.asOperator({ method: 'GET', path: `/operator/payments/${paymentId}/timeline` }))
    .body as unknown as Story;

const told = (of: string, eventId: string) => ['event', of, eventId, undefined];
const moved = (kind: string, to: string, ...asked: readonly string[]) => [
  kind,
  to,
  undefined,
  asked.length > 0 ? asked : undefined,
];

/** What is the same in every run. Which of the PG's hints finds something to ask is not. */
const fixed = (entries: readonly Entry[]) =>
  entries
    .filter(({ kind }) => kind !== 'webhook')
    .map(({ kind, to, detail, eventId, asked }) => [
      kind,
      to ?? detail,
      eventId,
      asked?.map(({ operation, outcome }) => `${operation}: ${outcome}`),
    ]);

/** What listeners do comes when it comes, and so does what follows from it. */
const isEffect = ({ kind, detail }: Entry) =>
  kind === 'listener' || /^Points(Added|Corrected)$/.test(detail);

/** The inquiry on schedule and that of the PG's webhook may ask at the same time: the answer of the second one is too late. */
const isLateAnswer = ({ kind, detail }: Entry) =>
  kind === 'evidence' && detail.includes('too late for version');

describe.concurrent('a payment that went unknown, was confirmed and then refunded in part', () => {
  it('is told whole and in order, to its buyer and to an operator', async () => {
    const sku = await aProduct({ price: 2_000, available: 10 });
    const order = await anOrder({ lines: [{ sku, quantity: 2 }] });
    const payment = await api.accepted(order, { paymentMethod: 'sim_error_after_effect' });
    const { paymentId } = payment;
    expect(await api.settled(payment)).toMatchObject({ status: 'COMPLETED' });
    const pointsSet = 'add-loyalty-points set 40 points after PaymentCompleted';
    // Those who hear of the refund first have nothing to set when they hear of the payment.
    await eventually(async () =>
      expect((await explained(paymentId)).entries).toContainEqual(
        expect.objectContaining({ detail: pointsSet }),
      ),
    );
    const { refundId } = await api.refunded(payment, { amount: 1_000 });
    const [sale, back] = [`${paymentId}-4`, `${refundId}-2`];
    const itsWay = [
      moved('accept', 'RESERVED'),
      told('PaymentReserved', `${paymentId}-1`),
      moved('claim', 'CHARGING'),
      moved('charge', 'UNKNOWN', 'charge: ambiguous'),
      told('PaymentOutcomeUnknown', `${paymentId}-3`),
      moved('inquiry', 'COMPLETED', 'inquire: approved'),
      told('PaymentCompleted', sale),
      moved('refund', 'REQUESTED'),
      told('RefundRequested', `${refundId}-1`),
      moved('refund', 'SUCCEEDED', 'refund: refunded'),
      told('RefundCompleted', back),
    ];

    await eventually(async () => {
      const { entries, due } = await timelineOf(payment);

      expect(fixed(entries)).toEqual(itsWay);
      expect(due).toEqual([]);
    });
    const { entries } = await eventually(async () => {
      const story = await explained(paymentId);
      const effects = story.entries.filter(isEffect).map(({ detail }) => detail);

      expect(story.due).toEqual([]);
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
    const moves = entries.filter((entry) => !isEffect(entry) && !isLateAnswer(entry));
    expect(fixed(moves)).toEqual(itsWay);
    for (const [index, { kind, eventId }] of entries.entries()) {
      const first = entries.findIndex((each) => each.eventId === eventId);
      if (kind === 'listener') expect(entries[first]?.kind, `${eventId} at ${index}`).toBe('event');
    }
  });
});

describe.concurrent('who runs the service', () => {
  it('sees payments and every queue counted', async () => {
    const { paymentId } = await api.accepted(await anOrder(), {
      paymentMethod: 'sim_wrong_amount',
    });
    const look = await sightOfLocal(stack);

    await eventually(async () => {
      const { counted, backlog, queues } = await look();

      expect(await storedPayment(paymentId)).toMatchObject({ status: 'IN_REVIEW' });
      expect(counted?.inReview).toBeGreaterThan(0);
      const inReview = backlog.find(({ state }) => state === 'IN_REVIEW');
      const won = inReview?.money.find(({ currency }) => currency === 'KRW');
      expect(won?.amount).toBeGreaterThan(0);
      expect(queues.map(({ consumer }) => consumer)).toEqual(
        expect.arrayContaining([...Object.keys(subscriptions), 'relay-failures']),
      );
    });
  });
});

describe.concurrent.each(transports)('over %s, a webhook that had the PG asked', (_name, via) => {
  it('is told before the inquiry that it led to', async () => {
    const unknown = await anUnknownPayment(await anOrder({ via }));
    const { paymentId, userId: buyer, orderId } = unknown;
    const due = [{ at: unknown.dueAt, detail: expect.stringMatching(/^inquiry \d of/) }];
    expect(await timelineOf({ paymentId, buyer, orderId })).toMatchObject({ due });
    await chargeByHand(unknown);

    expect(await sendWebhook(via, 'charge.done', paymentId)).toMatchObject({ status: 200 });

    await eventually(async () => {
      const { entries } = await explained(paymentId);

      expect(entries.filter((entry) => !isEffect(entry))).toMatchObject([
        { kind: 'accept' },
        { kind: 'event' },
        { kind: 'claim' },
        { kind: 'charge', to: 'UNKNOWN' },
        { kind: 'event', detail: 'PaymentOutcomeUnknown' },
        { kind: 'webhook' },
        {
          kind: 'inquiry',
          to: 'COMPLETED',
          asked: [{ operation: 'inquire', outcome: 'approved' }],
        },
        { kind: 'event', detail: 'PaymentCompleted' },
      ]);
    });
  });
});
