import type { CompensationRecord } from '../domain/compensation/compensation.ts';
import { compensationTarget } from '../domain/compensation/compensation-target.ts';
import { spentOf } from '../domain/erasure/open-matters.ts';
import {
  type Pseudonym,
  pseudonymise,
  pseudonymisePayment,
  pseudonymiseRefund,
} from '../domain/erasure/pseudonymise.ts';
import type { Order } from '../domain/orders/order.ts';
import type { Payment } from '../domain/payments/payment.ts';
import type { Refund } from '../domain/refunds/refund.ts';
import type { Review } from '../domain/reviews/review.ts';
import {
  type Condition,
  conditionCheck,
  deletion,
  equals,
  greaterOrEqual,
  type Item,
  notExists,
  putIfAbsent,
  stillEquals,
  update,
  type Write,
} from './dynamodb/expressions.ts';
import { changedAttributes } from './dynamodb/versioned-items.ts';
import type { BuyersCoupon, ErasedTables, StoredAudit } from './erasure-reader.ts';

/**
 * The writes of an erasure. Each list is one transaction, after which both the buyer's and the pseudonym's part of the
 * books add up. None is a transition: versions stay, so nothing is published.
 */
export const createErasureWrites = (tables: ErasedTables, buyer: Pseudonym) => {
  const { userId, pseudonym } = buyer;

  const replace = <T extends object>(
    table: keyof ErasedTables,
    key: Item,
    before: T,
    after: T,
    conditions: readonly Condition[],
  ): Write =>
    update({
      table: tables[table],
      key,
      ...changedAttributes(before, after),
      conditions,
    });

  const unchanged = ({ version }: { readonly version: number }) => [
    equals('userId', userId),
    equals('version', version),
  ];

  /** What the payment has spent leaves the buyer's balance together with the payment. */
  const spentWrites = (payment: Payment): readonly Write[] => {
    const spent = spentOf(payment);
    const { currency } = payment;
    if (spent === 0) return [];

    return [
      update({
        table: tables.balances,
        key: { userId },
        add: { spent: -spent, deposited: -spent },
        conditions: [
          greaterOrEqual('spent', spent),
          greaterOrEqual('deposited', spent),
          equals('currency', currency),
        ],
      }),
      update({
        table: tables.balances,
        key: { userId: pseudonym },
        set: { currency },
        add: { available: 0, held: 0, spent, deposited: spent },
        conditions: [],
      }),
    ];
  };

  const compensationWrites = (record: CompensationRecord): readonly Write[] => {
    const { paymentId, target, outcome } = record;
    const item = { ...record, target: compensationTarget.balance(pseudonym) };

    return [
      deletion({
        table: tables.compensations,
        key: { paymentId, target },
        conditions: [equals('outcome', outcome)],
      }),
      putIfAbsent({ table: tables.compensations, item, id: 'paymentId' }),
    ];
  };

  return {
    payment: (payment: Payment, compensations: readonly CompensationRecord[]): readonly Write[] => [
      replace(
        'payments',
        { paymentId: payment.paymentId },
        payment,
        pseudonymisePayment(payment, buyer),
        [
          ...unchanged(payment),
          equals('status', payment.status),
          notExists('dueAt'),
          stillEquals('evidenceVersion', payment.evidenceVersion),
        ],
      ),
      ...spentWrites(payment),
      ...compensations
        .filter(({ target }) => target === compensationTarget.balance(userId))
        .flatMap(compensationWrites),
    ],

    refund: (refund: Refund): readonly Write[] => [
      replace(
        'refunds',
        { refundId: refund.refundId },
        refund,
        pseudonymiseRefund(refund, buyer),
        unchanged(refund),
      ),
    ],

    /** The order, with the coupon that it uses. */
    order: (order: Order, coupons: readonly BuyersCoupon[]): readonly Write[] => [
      replace(
        'orders',
        { orderId: order.orderId },
        order,
        { ...order, userId: pseudonym },
        unchanged(order),
      ),
      ...coupons.flatMap((coupon) => [
        deletion({
          table: tables.coupons,
          key: { userId, couponId: coupon.couponId },
          conditions: [equals('status', 'USED'), equals('orderId', order.orderId)],
        }),
        putIfAbsent({
          table: tables.coupons,
          item: { ...coupon, userId: pseudonym },
          id: 'userId',
        }),
      ]),
    ],

    review: (review: Review): readonly Write[] => [
      replace('reviews', { reviewId: review.reviewId }, review, pseudonymise(review, buyer), [
        equals('userId', userId),
        equals('status', review.status),
      ]),
    ],

    audit: (audit: StoredAudit): readonly Write[] => {
      const { day, entry, reason, detail } = audit;
      const texts = { reason, detail };

      return [
        replace('audits', { day, entry }, texts, pseudonymise(texts, buyer), [
          equals('subject', audit.subject),
        ]),
      ];
    },

    /**
     * A coupon that no order uses. The index of orders may be behind, so the order that it names must not exist. Another
     * service may have stored what cannot be the id of an order.
     */
    coupon: ({ couponId, status, orderId }: BuyersCoupon): readonly Write[] => [
      deletion({
        table: tables.coupons,
        key: { userId, couponId },
        conditions: [stillEquals('status', status), stillEquals('orderId', orderId)],
      }),
      ...(typeof orderId === 'string' && orderId !== ''
        ? [
            conditionCheck({
              table: tables.orders,
              key: { orderId },
              conditions: [notExists('orderId')],
            }),
          ]
        : []),
    ],

    points: ({ entry }: { readonly entry: string }): readonly Write[] => [
      deletion({
        table: tables.loyaltyPoints,
        key: { userId, entry },
        conditions: [equals('userId', userId)],
      }),
    ],

    /** The balance, once nothing of it is left. */
    balance: (): readonly Write[] => [
      deletion({
        table: tables.balances,
        key: { userId },
        conditions: ['available', 'held', 'spent', 'deposited'].map((column) => equals(column, 0)),
      }),
    ],
  };
};

export type ErasureWrites = ReturnType<typeof createErasureWrites>;
