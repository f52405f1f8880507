import type { Delivery } from '../../shared/data/deliveries.ts';
import { compensationTarget, pointsEntry, rankingEntry } from '../../shared/data/keys.ts';
import type { PointsEntry } from '../../shared/data/points.ts';
import {
  balanceOf,
  type Compensation,
  finishCompensation,
  stockOf,
} from '../../shared/domain/compensation.ts';
import { utcDayOf } from '../../shared/domain/day.ts';
import type { Balance } from '../../shared/domain/money.ts';
import type { Coupon, Order, Product } from '../../shared/domain/order.ts';
import { type Payment, refusePayment } from '../../shared/domain/payment.ts';
import { pointsFor, pointsRateOf } from '../../shared/domain/points.ts';
import { json } from './markdown.ts';
import { completed, declined, moments, type Story } from './story.ts';

/** A heading, a sentence, and items by their table. */
type Step = readonly [title: string, text: string, items: readonly (readonly [string, object])[]];

/** The items of a payment that completes, of one that the PG declines, and of one that is refused at accept. */
export const lifeOfAPayment = (): string =>
  [...approvedSteps(), ...declinedSteps(), ...refusedSteps()]
    .flatMap(([title, text, items]) => [
      `### ${title}`,
      text,
      ...items.flatMap(([table, item]) => [`${table}:`, json(item)]),
    ])
    .join('\n\n');

const payment = (item: Payment) => ['Payments', item] as const;
const order = (item: Order) => ['Orders', item] as const;
const coupon = (item: Coupon) => ['Coupons', item] as const;
const compensation = (item: Compensation) => ['Compensations', item] as const;

/** A buyer's million: so much of it is held, and so much is spent. */
const balance = (userId: string, held: number, spent: number) =>
  [
    'Balances',
    {
      userId,
      currency: 'KRW',
      available: 1_000_000 - held - spent,
      held,
      spent,
      deposited: 1_000_000,
    } satisfies Balance,
  ] as const;

const product = (item: Product, reserved: number, sold: number) =>
  [
    'Products',
    { ...item, available: item.received - reserved - sold, reserved, sold } satisfies Product,
  ] as const;

const used = ({ coupon: item, order: { orderId } }: Story): Coupon => ({
  ...item,
  status: 'USED',
  orderId,
});

/** The order as a write of the payment leaves it. */
const written = (item: Order, { updatedAt }: Payment, change: Partial<Order>): Order => ({
  ...item,
  ...change,
  version: item.version + 1,
  updatedAt,
});

const bound = (item: Order, by: Payment) =>
  written(item, by, { status: 'PAYING', activePaymentId: by.paymentId });

const approvedSteps = (): readonly Step[] => {
  const { accepted, claimed, answered } = completed;
  const { userId, paymentId, amount } = accepted;
  const paying = bound(completed.order, accepted);
  const eventId = `${paymentId}-${answered.version}`;
  const day = utcDayOf(moments.answered);
  const points = pointsFor(amount, pointsRateOf('1'));
  const at = moments.heard.toISOString();
  const earned: PointsEntry = {
    userId,
    entry: pointsEntry.payment(paymentId),
    paymentId,
    points,
    at,
    version: 1,
  };
  const delivery: Delivery = {
    eventId,
    listener: 'send-to-data-platform',
    paymentId,
    deliveredAt: at,
  };

  return [
    [
      '1. An order is placed',
      'The coupon is used by the order, in the transaction that stores the order.',
      [order(completed.order), coupon(used(completed))],
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
      '4. The PG has approved',
      'One transaction again: completed, paid, spent and sold. The payment left the index `byDue`.',
      [
        payment(answered),
        order(written(paying, answered, { status: 'COMPLETED' })),
        balance(userId, 0, amount),
        product(completed.product, 0, 2),
      ],
    ],
    [
      '5. The listeners have heard of it',
      'Each writes its effect, and with it the marker by which it knows the event when it comes again.',
      [
        ['LoyaltyPoints', earned],
        ['LoyaltyPoints', { userId, entry: pointsEntry.total, points }],
        ['Rankings', { day, entry: rankingEntry.event(eventId) }],
        ['Rankings', { day, entry: rankingEntry.sku('tea'), sku: 'tea', units: 2 }],
        ['Deliveries', delivery],
      ],
    ],
  ];
};

const declinedSteps = (): readonly Step[] => {
  const { accepted, answered } = declined;
  const { userId, orderId, paymentId } = accepted;
  const paying = bound(declined.order, accepted);
  const compensatedAt = moments.heard.toISOString();
  const records: readonly Compensation[] = [
    ...stockOf(answered).map(({ sku, quantity }) => ({
      paymentId,
      target: compensationTarget.stock(sku),
      delta: quantity,
      outcome: 'restored' as const,
      compensatedAt,
    })),
    {
      paymentId,
      target: compensationTarget.balance(userId),
      delta: balanceOf(answered),
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
  const compensated = finishCompensation(answered, [], moments.heard);
  const { activePaymentId, ...cancelled } = written(paying, compensated, { status: 'CANCELLED' });

  return [
    [
      '4, otherwise. The PG has declined',
      'The evidence is stored with the refusal. Balance, stock, order and coupon are as they were after accept.',
      [payment(answered)],
    ],
    [
      '5, otherwise. It is compensated',
      'Each record was written in the transaction that gave back what it names. Balance and stock are as before the payment.',
      [
        ...records.map(compensation),
        order(cancelled),
        coupon(declined.coupon),
        balance(userId, 0, 0),
        product(declined.product, 0, 0),
        payment(compensated),
      ],
    ],
  ];
};

const refusedSteps = (): readonly Step[] => [
  [
    '2, otherwise. Accept is refused',
    'Stored for its key, so that the same answer is given again. Nothing is reserved, and the compensation releases order and coupon.',
    [
      payment(
        refusePayment(declined.request, moments.accepted, {
          code: 'insufficient-balance',
          reason: 'The balance does not cover 5000 KRW.',
        }),
      ),
    ],
  ],
];
