import { randomUUID } from 'node:crypto';
import type { Timers } from '../../../../shared/domain/time.ts';
import {
  type GatewayScenario,
  refundScenarioOf,
} from '../../../../shared/gateway/conformance/harness.ts';
import type { TossPayment } from '../../../../shared/gateway/toss/protocol.ts';
import { jsonReply, type PlainResponse } from '../../../../shared/simulators/plain-http.ts';
import { errorResponse, seoulTime, settleDelayMs } from './responses.ts';

/** A payment and its scenario. */
export interface StoredTossPayment {
  readonly scenario: GatewayScenario;
  readonly payment: TossPayment;
  readonly confirmedAt?: number;
}

type Cancel = NonNullable<TossPayment['cancels']>[number];

/** Refunds, which Toss calls cancels. */
export const createCancelStore = (timers: Timers, keep: (next: StoredTossPayment) => void) => {
  const cancelRequests: { readonly orderId: string; readonly key: string | undefined }[] = [];
  const now = () => timers.now().getTime();

  const cancel = (
    known: StoredTossPayment,
    key: string | undefined,
    { cancelAmount, cancelReason }: Record<string, unknown>,
  ): PlainResponse => {
    const { payment } = known;
    const refundScenario = refundScenarioOf(known.scenario);
    const isFirst = !cancelRequests.some((each) => each.key === key);
    cancelRequests.push({ orderId: payment.orderId, key });
    if (payment.status === 'CANCELED') return errorResponse(400, 'ALREADY_CANCELED_PAYMENT');
    if (!payment.approvedAt) return errorResponse(403, 'NOT_CANCELABLE_PAYMENT');
    if (refundScenario === 'timeout-before-effect' && isFirst) return { kind: 'hang' };
    if (refundScenario === 'decline') return errorResponse(403, 'REFUND_REJECTED');
    if (refundScenario === 'unlisted-code') return errorResponse(400, 'MOON_IN_THE_WRONG_PHASE');

    const before = payment.cancels ?? [];
    const left = payment.totalAmount - before.reduce((sum, each) => sum + each.cancelAmount, 0);
    const amount = Number(cancelAmount ?? left);
    if (amount > left) return errorResponse(403, 'NOT_CANCELABLE_AMOUNT');

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

    return jsonReply(200, after.payment);
  };

  /** The payment as Toss would show it now. */
  const render = ({ payment, scenario }: StoredTossPayment): TossPayment => {
    const { cancels } = payment;
    const isOpen = ({ canceledAt }: Cancel) => now() - Date.parse(canceledAt) < settleDelayMs;
    switch (cancels && refundScenarioOf(scenario)) {
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
    render,
    /** The number of refund requests. */
    requests: (reference: string) =>
      cancelRequests.filter(({ orderId }) => orderId === reference).length,
  };
};

/** The transactions of a payment in order: its approval and its cancels. */
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
