import { randomUUID } from 'node:crypto';
import { type PlainAnswer, type PlainServer, reply } from '../../shared/outside/plain-http.ts';
import type { PgBooks, Situation } from '../../shared/pg/conformance/bench.ts';
import type { Timers } from '../../shared/pg/timers.ts';
import type { TossPayment } from '../../shared/pg/toss-protocol.ts';

/** How long it stays in progress, or hides a payment from look-ups. */
export const settlesAfterMs = 20_000;

/** Sent again after it, a key is a new one. */
export const keyLifetimeMs = 15 * 24 * 3_600_000;

interface Held {
  readonly situation: Situation;
  readonly payment: TossPayment;
  readonly confirmedAt?: number;
}

/** What the buyer's client gets from the checkout window once the buyer has agreed: a paymentKey. */
export type Window = (
  order: { readonly reference: string; readonly amount: number },
  situation: Situation,
) => string;

/**
 * Toss Payments as its public documentation describes it (docs.tosspayments.com, core API 2022-11-16): confirm, look up by orderId,
 * cancel, the `Idempotency-Key` header with its scope of method and path, status names and error codes. It can also be made to
 * fail, which the original does only by itself.
 */
export const tossContract = ({ timers, secretKey }: { timers: Timers; secretKey: string }) => {
  const held = new Map<string, Held>();
  const answers = new Map<string, { readonly at: number; readonly answer: PlainAnswer }>();
  const asked = new Map<string, number>();
  const now = () => timers.now().getTime();
  const seoulTime = () => new Date(now() + 9 * 3_600_000).toISOString().replace('Z', '+09:00');
  const keep = (next: Held) => {
    held.set(next.payment.paymentKey, next);

    return next;
  };
  const isOpen = ({ situation, confirmedAt }: Held, of: Situation) =>
    situation === of && confirmedAt !== undefined && now() - confirmedAt < settlesAfterMs;

  const open: Window = ({ reference: orderId, amount: totalAmount }, situation) => {
    const paymentKey = `tgen_${randomUUID()}`;
    const payment = { paymentKey, orderId, totalAmount, currency: 'KRW' };
    keep({ situation, payment: { ...payment, status: 'IN_PROGRESS', approvedAt: null } });

    return paymentKey;
  };

  const confirm = ({ paymentKey, orderId, amount }: Record<string, unknown>): PlainAnswer => {
    const known = held.get(String(paymentKey));
    if (!known) return refuse(404, 'NOT_FOUND_PAYMENT');

    const { situation, payment } = known;
    asked.set(payment.orderId, (asked.get(payment.orderId) ?? 0) + 1);
    if (payment.orderId !== orderId || payment.totalAmount !== amount) {
      return refuse(400, 'INVALID_REQUEST');
    }
    if (payment.status === 'DONE') return refuse(400, 'ALREADY_PROCESSED_PAYMENT');

    switch (situation) {
      case 'timeout-before-effect':
        return { kind: 'hang' };
      case 'unlisted-code':
        return refuse(400, 'MOON_IN_THE_WRONG_PHASE');
      case 'decline': {
        const failure = {
          code: 'REJECT_ACCOUNT_PAYMENT',
          message: '잔액부족으로 결제에 실패했습니다.',
        };
        keep({ ...known, payment: { ...payment, status: 'ABORTED', failure } });

        return refuse(403, failure.code, failure.message);
      }
    }

    const totalAmount = payment.totalAmount + (situation === 'wrong-amount' ? 1 : 0);
    const done = { ...payment, status: 'DONE', totalAmount, approvedAt: seoulTime() };
    keep({ situation, payment: done, confirmedAt: now() });

    return reply(200, done);
  };

  /** The outcome is kept for the key; the first answer may be lost all the same. */
  const spoilt = (answer: PlainAnswer, situation?: Situation): PlainAnswer => {
    switch (situation) {
      case 'timeout-after-effect':
        return { kind: 'hang' };
      case 'error-after-effect':
      case 'late-approve':
        return refuse(500, 'FAILED_INTERNAL_SYSTEM_PROCESSING');
      case 'garbage-after-effect':
        return { kind: 'reply', status: 200, body: '<html>', afterMs: 0 };
      case 'in-progress':
        return refuse(409, 'IDEMPOTENT_REQUEST_PROCESSING');
      default:
        return answer;
    }
  };

  const cancel = (paymentKey: string, { cancelAmount, cancelReason }: Record<string, unknown>) => {
    const known = held.get(paymentKey);
    if (!known) return refuse(404, 'NOT_FOUND_PAYMENT');

    const { payment } = known;
    if (payment.status === 'CANCELED') return refuse(400, 'ALREADY_CANCELED_PAYMENT');
    if (!payment.approvedAt) return refuse(403, 'NOT_CANCELABLE_PAYMENT');

    const before = payment.cancels ?? [];
    const left = payment.totalAmount - before.reduce((sum, each) => sum + each.cancelAmount, 0);
    const amount = Number(cancelAmount ?? left);
    if (amount > left) return refuse(403, 'NOT_CANCELABLE_AMOUNT');

    const made = {
      transactionKey: randomUUID(),
      cancelAmount: amount,
      cancelReason: String(cancelReason),
      cancelStatus: 'DONE',
      canceledAt: seoulTime(),
    };
    const status = amount === left ? 'CANCELED' : 'PARTIAL_CANCELED';
    const after = { ...payment, status, cancels: [...before, made] };
    keep({ ...known, payment: after });

    return reply(200, after);
  };

  const lookUp = (orderId: string): PlainAnswer => {
    const known = [...held.values()].find(({ payment }) => payment.orderId === orderId);
    if (!known || isOpen(known, 'late-approve')) return refuse(404, 'NOT_FOUND_PAYMENT');
    if (!isOpen(known, 'in-progress')) return reply(200, known.payment);

    return reply(200, { ...known.payment, status: 'IN_PROGRESS', approvedAt: null });
  };

  const server: PlainServer = async ({ method, path, headers, body }) => {
    const basic = `Basic ${Buffer.from(`${secretKey}:`).toString('base64')}`;
    if (headers.authorization !== basic) return refuse(401, 'UNAUTHORIZED_KEY');
    if (method === 'GET') return lookUp(decodeURIComponent(path.split('/').at(-1) ?? ''));

    const key = headers['idempotency-key'];
    if (key && key.length > 300) return refuse(400, 'INVALID_IDEMPOTENCY_KEY');

    const parsed = JSON.parse(body) as Record<string, unknown>;
    const subject = held.get(String(parsed.paymentKey));
    // Bodies are not compared: the same key on the same path is the same request.
    const scope = `${method} ${path} ${key}`;
    const kept = key === undefined ? undefined : answers.get(scope);
    const replayed = kept && now() - kept.at < keyLifetimeMs ? kept.answer : undefined;
    if (replayed) {
      return subject && isOpen(subject, 'in-progress')
        ? refuse(409, 'IDEMPOTENT_REQUEST_PROCESSING')
        : replayed;
    }

    const isConfirmation = path === '/v1/payments/confirm';
    const answer = isConfirmation ? confirm(parsed) : cancel(path.split('/').at(-2) ?? '', parsed);
    if (answer.kind === 'reply') answers.set(scope, { at: now(), answer });

    return isConfirmation && answer.kind === 'reply' && answer.status === 200
      ? spoilt(answer, subject?.situation)
      : answer;
  };

  const books = (reference: string): PgBooks => {
    const payments = [...held.values()]
      .map(({ payment }) => payment)
      .filter(({ orderId, approvedAt }) => orderId === reference && approvedAt);

    return {
      requests: asked.get(reference) ?? 0,
      captured: payments.map(({ totalAmount }) => totalAmount),
      refunded: payments.flatMap(({ cancels }) =>
        (cancels ?? []).map(({ cancelAmount }) => cancelAmount),
      ),
    };
  };

  return {
    server,
    open,
    books,
    /** The payment as the PG would have it, whatever led there. */
    set: (paymentKey: string, change: Partial<TossPayment>) => {
      const known = held.get(paymentKey);
      if (known) keep({ ...known, payment: { ...known.payment, ...change } });
    },
  };
};

const refuse = (status: number, code: string, message = code): PlainAnswer =>
  reply(status, { code, message });
