import {
  type CompensationRecord,
  finishCompensation,
  heldAmount,
  reservedLines,
} from '../../shared/domain/compensation/compensation.ts';
import { compensationTarget } from '../../shared/domain/compensation/compensation-target.ts';
import type { Order } from '../../shared/domain/orders/order.ts';
import { toCancelledOrder } from '../../shared/domain/orders/order-cancellation.ts';
import { rejectPayment } from '../../shared/domain/payments/open-payment.ts';
import type { Payment } from '../../shared/domain/payments/payment.ts';
import { balanceAmountOf, balanceRefundedOf } from '../../shared/domain/payments/tenders.ts';
import { parsePointsRate, pointsFor } from '../../shared/domain/points/points-rate.ts';
import { utcDayOf } from '../../shared/domain/time.ts';
import { deliveryRecordOf } from '../../shared/persistence/delivery-repository.ts';
import { pointsEntry, rankingKey } from '../../shared/persistence/dynamodb/keys.ts';
import type { PointsEntry } from '../../shared/persistence/points-repository.ts';
import { countMarkerOf } from '../../shared/persistence/ranking-repository.ts';
import { jsonBlock } from '../cli/markdown.ts';
import {
  completed,
  completedRefund,
  declined,
  requestedRefund,
  timestamps,
} from './example-payment.ts';
import {
  assignedOrder,
  balance,
  compensation,
  coupon,
  order,
  payment,
  product,
  refund,
  updatedOrder,
  usedCoupon,
} from './items.ts';

/** A heading, a sentence, and the items by table. */
type LifecycleStep = readonly [
  title: string,
  text: string,
  items: readonly (readonly [string, object])[],
];

/** The items of a completed payment with a partial refund, of a declined one, and of one that accept rejects. */
export const paymentLifecycle = (): string =>
  [...approvedSteps(), ...refundSteps(), ...declinedSteps(), ...rejectedSteps()]
    .flatMap(([title, text, items]) => [
      `### ${title}`,
      text,
      ...items.flatMap(([table, item]) => [`${table}:`, jsonBlock(item)]),
    ])
    .join('\n\n');

const approvedSteps = (): readonly LifecycleStep[] => {
  const { accepted, claimed, answered } = completed;
  const { userId, paymentId, amount } = accepted;
  const paying = assignedOrder(completed.order, accepted);
  const eventId = `${paymentId}-${answered.version}`;
  const day = utcDayOf(timestamps.answered);
  const points = pointsFor(amount, parsePointsRate('1'));
  const at = timestamps.delivered.toISOString();
  const earned: PointsEntry = {
    userId,
    entry: pointsEntry.payment(paymentId),
    paymentId,
    paymentVersion: answered.version,
    points,
    at,
    version: 1,
    history: [{ at, paymentVersion: answered.version, points }],
  };
  const delivery = deliveryRecordOf(
    {
      eventId,
      eventTime: answered.updatedAt,
      consumer: 'send-to-data-platform',
      paymentId,
    },
    timestamps.delivered,
  );

  return [
    [
      '1. An order is placed',
      'The transaction that stores the order also marks the coupon as used by it.',
      [order(completed.order), coupon(usedCoupon(completed))],
    ],
    [
      '2. A payment is accepted',
      'One transaction stores the payment, assigns the order, holds the part of the balance and reserves the stock.',
      [
        payment(accepted),
        order(paying),
        balance(userId, balanceAmountOf(accepted), 0),
        product(completed.product, 2, 0),
      ],
    ],
    [
      '3. The charger claims the payment',
      'Until the outcome is stored, no other charger may call the gateway. Only the payment changes.',
      [payment(claimed)],
    ],
    [
      '4. The gateway approves',
      'One transaction: payment completed, order paid, the part of the balance spent, stock sold. The payment leaves the index `byDue`.',
      [
        payment(answered),
        order(paidOrder(paying, answered)),
        balance(userId, 0, balanceAmountOf(answered)),
        product(completed.product, 0, 2),
      ],
    ],
    [
      '5. The consumers process the event',
      'Each consumer writes its effect together with a marker, by which it deduplicates the event.',
      [
        ['LoyaltyPoints', earned],
        ['Rankings', countMarkerOf({ eventId, eventTime: answered.updatedAt, countedAt: at })],
        ['Rankings', { ...rankingKey.count(day, 'tea'), sku: 'tea', units: 2 }],
        ['Deliveries', delivery],
      ],
    ],
  ];
};

/** A paid order leaves the due index. */
const paidOrder = ({ dueShard, dueAt, ...paying }: Order, by: Payment): Order =>
  updatedOrder(paying, by, { status: 'COMPLETED' });

const refundSteps = (): readonly LifecycleStep[] => {
  const { accepted, answered } = completed;
  const { userId } = accepted;
  const paid = paidOrder(assignedOrder(completed.order, accepted), answered);
  const { payment: after } = completedRefund;

  return [
    [
      '6. A refund is requested',
      'One transaction stores the refund and sets its amount and units aside on the payment.',
      [refund(requestedRefund.refund), payment(requestedRefund.payment)],
    ],
    [
      '7. The gateway refunds',
      'One transaction: refund succeeded, payment and order partially refunded, the part that goes back to the balance available again, packet restocked.',
      [
        refund(completedRefund.refund),
        payment(after),
        order(updatedOrder(paid, after, { status: 'PARTIALLY_REFUNDED' })),
        balance(userId, 0, balanceAmountOf(after) - balanceRefundedOf(after)),
        product(completed.product, 0, 1),
      ],
    ],
  ];
};

const declinedSteps = (): readonly LifecycleStep[] => {
  const { accepted, answered } = declined;
  const { userId, orderId, paymentId } = accepted;
  const paying = assignedOrder(declined.order, accepted);
  const compensatedAt = timestamps.delivered.toISOString();
  const records: readonly CompensationRecord[] = [
    ...reservedLines(answered).map(({ sku, quantity }) => ({
      paymentId,
      target: compensationTarget.stock(sku),
      delta: quantity,
      outcome: 'restored' as const,
      compensatedAt,
    })),
    {
      paymentId,
      target: compensationTarget.balance(userId),
      delta: heldAmount(answered),
      outcome: 'restored',
      compensatedAt,
    },
    {
      paymentId,
      target: compensationTarget.order(orderId),
      delta: 0,
      outcome: 'cancelled',
      compensatedAt,
    },
    {
      paymentId,
      target: compensationTarget.coupon(declined.coupon.couponId),
      delta: 0,
      outcome: 'restored',
      compensatedAt,
    },
  ];
  const compensated = finishCompensation(answered, [], timestamps.delivered);
  const released = toCancelledOrder(paying, {
    reason: 'payment-failed',
    at: compensated.updatedAt,
  });

  return [
    [
      '4, otherwise. The gateway declines',
      'The decline is stored with its evidence. Balance, stock, order and coupon are unchanged since accept.',
      [payment(answered)],
    ],
    [
      '5, otherwise. The payment is compensated',
      'Each record is written in the transaction that restores its target. Balance and stock are as before the payment.',
      [
        ...records.map(compensation),
        order(released),
        coupon(declined.coupon),
        balance(userId, 0, 0),
        product(declined.product, 0, 0),
        payment(compensated),
      ],
    ],
  ];
};

const rejectedSteps = (): readonly LifecycleStep[] => {
  const rejected = rejectPayment(declined.request, timestamps.accepted, {
    code: 'insufficient-balance',
    reason: 'The balance does not cover 2000 KRW.',
  });

  return [
    [
      '2, otherwise. Accept rejects the payment',
      'One transaction stores the rejection, so that its key returns the same answer, cancels the order and releases its coupon. Nothing is reserved.',
      [
        payment(rejected),
        order(
          toCancelledOrder(declined.order, { reason: 'payment-failed', at: rejected.createdAt }),
        ),
        coupon(declined.coupon),
      ],
    ],
  ];
};
