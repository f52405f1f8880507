import { randomUUID } from 'node:crypto';
import type { Timers } from '../../../../shared/domain/time.ts';
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

/** After this time, the same key is a new one. */
export const idempotencyTtlMs = 15 * 24 * 3_600_000;

/** Opens a payment, as the checkout window does, and returns its paymentKey. */
export type OpenCheckout = (
  order: { readonly reference: string; readonly amount: number },
  scenario: GatewayScenario,
) => string;

/**
 * A model of Toss Payments by its public documentation (docs.tosspayments.com, core API 2022-11-16): confirm,
 * look up by orderId, cancel, the `Idempotency-Key` header scoped by method and path, status names and error
 * codes. A scenario makes it fail.
 */
export const createTossServer = ({ timers, secretKey }: { timers: Timers; secretKey: string }) => {
  const stored = new Map<string, StoredTossPayment>();
  const responses = new Map<string, { readonly at: number; readonly response: PlainResponse }>();
  const requestCounts = new Map<string, number>();
  const now = () => timers.now().getTime();
  const keep = (next: StoredTossPayment) => stored.set(next.payment.paymentKey, next);
  const cancels = createCancelStore(timers, keep);
  const isOpen = ({ scenario, confirmedAt }: StoredTossPayment, of: GatewayScenario) =>
    scenario === of && confirmedAt !== undefined && now() - confirmedAt < settleDelayMs;

  const open: OpenCheckout = ({ reference: orderId, amount: totalAmount }, scenario) => {
    const paymentKey = `tgen_${randomUUID()}`;
    const payment = { paymentKey, orderId, totalAmount, currency: 'KRW' };
    keep({ scenario, payment: { ...payment, status: 'IN_PROGRESS', approvedAt: null } });

    return paymentKey;
  };

  const confirm = (
    known: StoredTossPayment,
    { orderId, amount }: Record<string, unknown>,
  ): PlainResponse => {
    const { scenario, payment } = known;
    requestCounts.set(payment.orderId, (requestCounts.get(payment.orderId) ?? 0) + 1);
    if (payment.orderId !== orderId || payment.totalAmount !== amount) {
      return errorResponse(400, 'INVALID_REQUEST');
    }
    if (payment.status === 'DONE') return errorResponse(400, 'ALREADY_PROCESSED_PAYMENT');

    switch (scenario) {
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

    const totalAmount = payment.totalAmount + (scenario === 'wrong-amount' ? 1 : 0);
    const done = { ...payment, status: 'DONE', totalAmount, approvedAt: seoulTime(now()) };
    keep({ scenario, payment: done, confirmedAt: now() });

    return jsonReply(200, done);
  };

  /** Looks a payment up by `orders/{orderId}` or `{paymentKey}`. */
  const findPayment = ([first = '', orderId]: string[]): PlainResponse => {
    const known =
      orderId === undefined
        ? stored.get(first)
        : [...stored.values()].find(({ payment }) => payment.orderId === orderId);
    if (!known || isOpen(known, 'late-approve')) return errorResponse(404, 'NOT_FOUND_PAYMENT');
    if (!isOpen(known, 'in-progress')) return jsonReply(200, cancels.render(known));

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

    // Toss does not compare bodies: the same key on the same path is the same request.
    const scope = `${method} ${path} ${key}`;
    const previous = key === undefined ? undefined : responses.get(scope);
    const replayed =
      previous && now() - previous.at < idempotencyTtlMs ? previous.response : undefined;
    if (replayed) {
      return isConfirmation && isOpen(known, 'in-progress')
        ? errorResponse(409, 'IDEMPOTENT_REQUEST_PROCESSING')
        : replayed;
    }

    const response = isConfirmation ? confirm(known, parsed) : cancels.cancel(known, key, parsed);
    if (response.kind === 'reply') responses.set(scope, { at: now(), response });
    const { scenario } = known;

    return respondIn(response, isConfirmation ? scenario : refundScenarioOf(scenario));
  };

  const stateOf = (reference: string): GatewayState => {
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
    stateOf,
    /** Changes the stored payment directly. */
    set: (paymentKey: string, change: Partial<TossPayment>) => {
      const known = stored.get(paymentKey);
      if (known) keep({ ...known, payment: { ...known.payment, ...change } });
    },
  };
};
