import { randomUUID } from 'node:crypto';
import type { Timers } from '../../../../shared/config/timers.ts';
import {
  refundSituationOf,
  type Situation,
} from '../../../../shared/gateway/conformance/harness.ts';
import type { TossPayment } from '../../../../shared/gateway/toss/protocol.ts';
import { type PlainAnswer, reply } from '../../../../shared/simulators/plain-http.ts';
import { refuse, seoulTime, settlesAfterMs } from './responses.ts';

/** A payment and what it is there to show. */
export interface HeldPayment {
  readonly situation: Situation;
  readonly payment: TossPayment;
  readonly confirmedAt?: number;
}

type Cancel = NonNullable<TossPayment['cancels']>[number];

/** Money paid back, which Toss calls cancelling. */
export const tossCancels = (timers: Timers, keep: (next: HeldPayment) => void) => {
  const asked: { readonly orderId: string; readonly key: string | undefined }[] = [];
  const now = () => timers.now().getTime();

  const cancel = (
    known: HeldPayment,
    key: string | undefined,
    { cancelAmount, cancelReason }: Record<string, unknown>,
  ): PlainAnswer => {
    const { payment } = known;
    const situation = refundSituationOf(known.situation);
    const isFirst = !asked.some((each) => each.key === key);
    asked.push({ orderId: payment.orderId, key });
    if (payment.status === 'CANCELED') return refuse(400, 'ALREADY_CANCELED_PAYMENT');
    if (!payment.approvedAt) return refuse(403, 'NOT_CANCELABLE_PAYMENT');
    if (situation === 'timeout-before-effect' && isFirst) return { kind: 'hang' };
    if (situation === 'decline') return refuse(403, 'REFUND_REJECTED');
    if (situation === 'unlisted-code') return refuse(400, 'MOON_IN_THE_WRONG_PHASE');

    const before = payment.cancels ?? [];
    const left = payment.totalAmount - before.reduce((sum, each) => sum + each.cancelAmount, 0);
    const amount = Number(cancelAmount ?? left);
    if (amount > left) return refuse(403, 'NOT_CANCELABLE_AMOUNT');

    const made = {
      transactionKey: randomUUID(),
      cancelAmount: amount,
      cancelReason: String(cancelReason),
      cancelStatus: 'DONE',
      canceledAt: seoulTime(now()),
    };
    const status = amount === left ? 'CANCELED' : 'PARTIAL_CANCELED';
    const after = { ...known, payment: { ...payment, status, cancels: [...before, made] } };
    keep(after);

    return reply(200, after.payment);
  };

  /** The payment as Toss would show it now. */
  const shown = ({ payment, situation }: HeldPayment): TossPayment => {
    const { cancels } = payment;
    const isOpen = ({ canceledAt }: Cancel) => now() - Date.parse(canceledAt) < settlesAfterMs;
    switch (cancels && refundSituationOf(situation)) {
      case 'late':
        return { ...payment, cancels: cancels?.filter((each) => !isOpen(each)) };
      case 'in-progress':
        return {
          ...payment,
          cancels: cancels?.map((each) =>
            isOpen(each) ? { ...each, cancelStatus: 'IN_PROGRESS' } : each,
          ),
        };
      default:
        return payment;
    }
  };

  return {
    cancel,
    shown,
    /** How often it was asked to pay back. */
    requests: (reference: string) => asked.filter(({ orderId }) => orderId === reference).length,
  };
};

/** What moved the money of a payment, one after the other. */
export const transactionsOf = ({ cancels, ...payment }: TossPayment) => {
  const { paymentKey, orderId, currency, totalAmount, approvedAt } = payment;
  if (!approvedAt) return [];
  const of = { paymentKey, orderId, currency };
  let left = totalAmount;

  return [
    {
      ...of,
      transactionKey: `approval-${paymentKey}`,
      status: 'DONE',
      amount: totalAmount,
      transactionAt: approvedAt,
    },
    ...(cancels ?? []).map(({ transactionKey, cancelAmount, canceledAt }) => {
      left -= cancelAmount;

      return {
        ...of,
        transactionKey,
        status: left > 0 ? 'PARTIAL_CANCELED' : 'CANCELED',
        amount: cancelAmount,
        transactionAt: canceledAt,
      };
    }),
  ];
};
