import { randomUUID } from 'node:crypto';
import type { Timers } from '../../../../shared/config/timers.ts';
import {
  type GatewayScenario,
  type GatewayState,
  refundScenarioOf,
} from '../../../../shared/gateway/conformance/harness.ts';
import type { TossPayment } from '../../../../shared/gateway/toss/protocol.ts';
import {
  jsonReply,
  type PlainRequest,
  type PlainResponse,
  type PlainServer,
} from '../../../../shared/simulators/plain-http.ts';
import { createCancelStore, type StoredTossPayment, transactionsOf } from './cancels.ts';
import { errorResponse, respondIn, seoulTime, settleDelayMs } from './responses.ts';

/** Sent again after it, a key is a new one. */
export const idempotencyTtlMs = 15 * 24 * 3_600_000;

/** What the buyer's client gets from the checkout window once the buyer has agreed: a paymentKey. */
export type OpenCheckout = (
  order: { readonly reference: string; readonly amount: number },
  situation: GatewayScenario,
) => string;

/**
 * Toss Payments as its public documentation describes it (docs.tosspayments.com, core API 2022-11-16): confirm, look up by orderId,
 * cancel, the `Idempotency-Key` header with its scope of method and path, status names and error codes. It can also be made to
 * fail, which the original does only by itself.
 */
export const createTossServer = ({ timers, secretKey }: { timers: Timers; secretKey: string }) => {
  const stored = new Map<string, StoredTossPayment>();
  const responses = new Map<string, { readonly at: number; readonly answer: PlainResponse }>();
  const requestCounts = new Map<string, number>();
  const now = () => timers.now().getTime();
  const keep = (next: StoredTossPayment) => stored.set(next.payment.paymentKey, next);
  const cancels = createCancelStore(timers, keep);
  const isOpen = ({ situation, confirmedAt }: StoredTossPayment, of: GatewayScenario) =>
    situation === of && confirmedAt !== undefined && now() - confirmedAt < settleDelayMs;

  const open: OpenCheckout = ({ reference: orderId, amount: totalAmount }, situation) => {
    const paymentKey = `tgen_${randomUUID()}`;
    const payment = { paymentKey, orderId, totalAmount, currency: 'KRW' };
    keep({ situation, payment: { ...payment, status: 'IN_PROGRESS', approvedAt: null } });

    return paymentKey;
  };

  const confirm = (
    known: StoredTossPayment,
    { orderId, amount }: Record<string, unknown>,
  ): PlainResponse => {
    const { situation, payment } = known;
    requestCounts.set(payment.orderId, (requestCounts.get(payment.orderId) ?? 0) + 1);
    if (payment.orderId !== orderId || payment.totalAmount !== amount) {
      return errorResponse(400, 'INVALID_REQUEST');
    }
    if (payment.status === 'DONE') return errorResponse(400, 'ALREADY_PROCESSED_PAYMENT');

    switch (situation) {
      case 'timeout-before-effect':
        return { kind: 'hang' };
      case 'unlisted-code':
        return errorResponse(400, 'MOON_IN_THE_WRONG_PHASE');
      case 'decline': {
        const failure = {
          code: 'REJECT_ACCOUNT_PAYMENT',
          message: '잔액부족으로 결제에 실패했습니다.',
        };
        keep({ ...known, payment: { ...payment, status: 'ABORTED', failure } });

        return errorResponse(403, failure.code, failure.message);
      }
    }

    const totalAmount = payment.totalAmount + (situation === 'wrong-amount' ? 1 : 0);
    const done = { ...payment, status: 'DONE', totalAmount, approvedAt: seoulTime(now()) };
    keep({ situation, payment: done, confirmedAt: now() });

    return jsonReply(200, done);
  };

  /** By `orders/{orderId}` or by `{paymentKey}`. */
  const findPayment = ([first = '', orderId]: string[]): PlainResponse => {
    const known =
      orderId === undefined
        ? stored.get(first)
        : [...stored.values()].find(({ payment }) => payment.orderId === orderId);
    if (!known || isOpen(known, 'late-approve')) return errorResponse(404, 'NOT_FOUND_PAYMENT');
    if (!isOpen(known, 'in-progress')) return jsonReply(200, cancels.shown(known));

    return jsonReply(200, { ...known.payment, status: 'IN_PROGRESS', approvedAt: null });
  };

  const transactions = ({
    startDate = '',
    endDate = '',
    startingAfter,
    limit = '100',
  }: PlainRequest['query']): PlainResponse => {
    const all = [...stored.values()]
      .filter((each) => !isOpen(each, 'late-approve') && !isOpen(each, 'in-progress'))
      .flatMap(({ payment }) => transactionsOf(payment))
      .filter(({ transactionAt }) => transactionAt >= startDate && transactionAt <= endDate);
    const from = all.findIndex(({ transactionKey }) => transactionKey === startingAfter) + 1;

    return jsonReply(200, all.slice(from, from + Number(limit)));
  };

  const server: PlainServer = async ({ method, path, query, headers, body }) => {
    const basic = `Basic ${Buffer.from(`${secretKey}:`).toString('base64')}`;
    if (headers.authorization !== basic) return errorResponse(401, 'UNAUTHORIZED_KEY');
    if (method === 'GET' && path === '/v1/transactions') return transactions(query);
    if (method === 'GET') return findPayment(path.split('/').slice(3).map(decodeURIComponent));

    const key = headers['idempotency-key'];
    if (key && key.length > 300) return errorResponse(400, 'INVALID_IDEMPOTENCY_KEY');

    const parsed = JSON.parse(body) as Record<string, unknown>;
    const isConfirmation = path === '/v1/payments/confirm';
    const paymentKey = isConfirmation ? parsed.paymentKey : path.split('/').at(-2);
    const known = stored.get(String(paymentKey));
    if (!known) return errorResponse(404, 'NOT_FOUND_PAYMENT');

    // Bodies are not compared: the same key on the same path is the same request.
    const scope = `${method} ${path} ${key}`;
    const kept = key === undefined ? undefined : responses.get(scope);
    const replayed = kept && now() - kept.at < idempotencyTtlMs ? kept.answer : undefined;
    if (replayed) {
      return isConfirmation && isOpen(known, 'in-progress')
        ? errorResponse(409, 'IDEMPOTENT_REQUEST_PROCESSING')
        : replayed;
    }

    const answer = isConfirmation ? confirm(known, parsed) : cancels.cancel(known, key, parsed);
    if (answer.kind === 'reply') responses.set(scope, { at: now(), answer });
    const { situation } = known;

    return respondIn(answer, isConfirmation ? situation : refundScenarioOf(situation));
  };

  const books = (reference: string): GatewayState => {
    const payments = [...stored.values()]
      .map(({ payment }) => payment)
      .filter(({ orderId, approvedAt }) => orderId === reference && approvedAt);

    return {
      requests: requestCounts.get(reference) ?? 0,
      captured: payments.map(({ totalAmount }) => totalAmount),
      refundRequests: cancels.requests(reference),
      refunded: payments.flatMap((payment) =>
        (payment.cancels ?? []).map(({ cancelAmount }) => cancelAmount),
      ),
    };
  };

  return {
    server,
    open,
    books,
    /** The payment as the PG would have it, whatever led there. */
    set: (paymentKey: string, change: Partial<TossPayment>) => {
      const known = stored.get(paymentKey);
      if (known) keep({ ...known, payment: { ...known.payment, ...change } });
    },
  };
};
