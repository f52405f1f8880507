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
import { parsePointsRate, pointsFor } from '../../shared/domain/points/points-rate.ts';
import { utcDayOf } from '../../shared/domain/time.ts';
import type { DeliveryRecord } from '../../shared/persistence/delivery-repository.ts';
import { pointsEntry, rankingEntry } from '../../shared/persistence/dynamodb/keys.ts';
import type { PointsEntry } from '../../shared/persistence/points-repository.ts';
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

/** A heading, a sentence, and items by their table. */
type LifecycleStep = readonly [
  title: string,
  text: string,
  items: readonly (readonly [string, object])[],
];

/** The items of a payment that completes and is refunded in part, of one that the PG declines, and of one that is refused at accept. */
export const paymentLifecycle = (): string =>
  [...approvedSteps(), ...refundSteps(), ...declinedSteps(), ...refusedSteps()]
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
  const delivery: DeliveryRecord = {
    eventId,
    consumer: 'send-to-data-platform',
    paymentId,
    deliveredAt: at,
  };

  return [
    [
      '1. An order is placed',
      'The coupon is used by the order, in the transaction that stores the order.',
      [order(completed.order), coupon(usedCoupon(completed))],
    ],
    [
      '2. A payment is accepted',
      'One transaction: the payment is there, the order is bound to it, the money is held and the stock reserved.',
      [
        payment(accepted),
        order(paying),
        balance(userId, amount, 0),
        product(completed.product, 2, 0),
      ],
    ],
    [
      '3. The charger claims it',
      'From here until the answer is stored nobody else may ask the PG. Only the payment moves.',
      [payment(claimed)],
    ],
    [
      '4. The gateway has approved',
      'One transaction again: completed, paid, spent and sold. The payment left the index `byDue`.',
      [
        payment(answered),
        order(paidOrder(paying, answered)),
        balance(userId, 0, amount),
        product(completed.product, 0, 2),
      ],
    ],
    [
      '5. The consumers have processed it',
      'Each writes its effect, and with it the marker by which it knows the event when it comes again.',
      [
        ['LoyaltyPoints', earned],
        ['LoyaltyPoints', { userId, entry: pointsEntry.total, points }],
        ['Rankings', { day, entry: rankingEntry.event(eventId), countedAt: at }],
        ['Rankings', { day, entry: rankingEntry.sku('tea'), sku: 'tea', units: 2 }],
        ['Deliveries', delivery],
      ],
    ],
  ];
};

/** Nothing of an order that is paid is due any more. */
const paidOrder = ({ dueShard, dueAt, ...paying }: Order, by: Payment): Order =>
  updatedOrder(paying, by, { status: 'COMPLETED' });

const refundSteps = (): readonly LifecycleStep[] => {
  const { accepted, answered } = completed;
  const { userId, amount } = accepted;
  const paid = paidOrder(assignedOrder(completed.order, accepted), answered);
  const { payment: after } = completedRefund;

  return [
    [
      '6. A refund is requested',
      'One transaction: the refund is there, and the payment has set its amount and its units aside.',
      [refund(requestedRefund.refund), payment(requestedRefund.payment)],
    ],
    [
      '7. The gateway has refunded it',
      'One transaction: refund and payment say so, the order is refunded in part, the money is available again, and the packet is back in the stock.',
      [
        refund(completedRefund.refund),
        payment(after),
        order(updatedOrder(paid, after, { status: 'PARTIALLY_REFUNDED' })),
        balance(userId, 0, amount - after.refunded),
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
      '4, otherwise. The gateway has declined',
      'The evidence is stored with the refusal. Balance, stock, order and coupon are as they were after accept.',
      [payment(answered)],
    ],
    [
      '5, otherwise. It is compensated',
      'Each record was written in the transaction that gave back what it names. Balance and stock are as before the payment.',
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

const refusedSteps = (): readonly LifecycleStep[] => [
  [
    '2, otherwise. Accept is refused',
    'Stored for its key, so that the same answer is given again. Nothing is reserved, and the compensation releases order and coupon.',
    [
      payment(
        rejectPayment(declined.request, timestamps.accepted, {
          code: 'insufficient-balance',
          reason: 'The balance does not cover 5000 KRW.',
        }),
      ),
    ],
  ],
];
