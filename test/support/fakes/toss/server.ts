import { randomUUID } from 'node:crypto';
import type { Clock } from '../../../../shared/domain/time.ts';
import type { GatewayState } from '../../../../shared/gateway/conformance/harness.ts';
import type { TossPayment } from '../../../../shared/gateway/toss/protocol.ts';
import type { Delays } from '../../../../shared/simulators/gateway/behaviours.ts';
import {
  jsonReply,
  type PlainRequest,
  type PlainResponse,
  type PlainServer,
} from '../../../../shared/simulators/plain-http.ts';
import { tossBehaviours, undocumentedCode } from './behaviours.ts';
import {
  activeCancels,
  confirmRefusal,
  isCaptured,
  isHidden,
  paymentAt,
  remainingAmount,
  type StoredCancel,
  type StoredTossPayment,
  transactionsAt,
} from './payments.ts';
import {
  errorResponse,
  type HandledRequest,
  keyInUseResponse,
  respond,
  respondBy,
  type TossEvent,
} from './responses.ts';
import { openTossWindow, type WindowRequest } from './window.ts';

/** After this time, the same key is a new one. */
export const idempotencyTtlMs = 15 * 24 * 3_600_000;

/** How long a charge or refund stays in progress or hidden. */
export const settleDelayMs = 20_000;

export interface TossServerOptions {
  readonly clock: Clock;
  readonly secretKey: string;
  readonly clientKey: string;
  readonly randomId?: () => string;
  readonly delays?: Delays;
  readonly keyLifetimeMs?: number;
  readonly onEvent?: (event: TossEvent) => void;
}

/**
 * A model of Toss Payments by its public documentation (docs.tosspayments.com, core API 2022-11-16): the checkout
 * window, confirm, look up by orderId, cancel, the `Idempotency-Key` header scoped by method and path, status names
 * and error codes, webhooks. The payment method of the window selects the behaviour. Of several payments of one
 * orderId, the look-up shows the oldest. Left out: the webhook that a payment has expired.
 */
export const createTossServer = ({
  clock,
  secretKey,
  clientKey,
  randomId = randomUUID,
  delays = { slowMs: 5_000, inProgressMs: settleDelayMs, lateMs: settleDelayMs },
  keyLifetimeMs = idempotencyTtlMs,
  onEvent: emit = () => undefined,
}: TossServerOptions) => {
  const behaviours = tossBehaviours(delays);
  const stored = new Map<string, StoredTossPayment>();
  const responses = new Map<string, Required<Omit<HandledRequest, 'response'>> & { at: number }>();
  const requestCounts = new Map<string, number>();
  const refundRequests: { readonly orderId: string; readonly key: string | undefined }[] = [];
  const limitedKeys = new Set<string | undefined>();
  const now = () => clock.now().getTime();
  const keep = (payment: StoredTossPayment) => stored.set(payment.paymentKey, payment);
  const emitAbout = (payment: StoredTossPayment, type: TossEvent['type'], at: number) =>
    emit({
      id: `trn_${randomId()}`,
      type,
      reference: payment.orderId,
      at,
      payment: paymentAt(payment, at),
    });
  const all = () => [...stored.values()];
  const of = (reference: string) => all().filter(({ orderId }) => orderId === reference);

  /** Opens the checkout window, as the buyer's browser does. */
  const openWindow = (request: WindowRequest) =>
    openTossWindow(request, {
      ofShop: clientKey,
      pay: (paymentMethod) => {
        const behaviour = behaviours.get(paymentMethod);
        if (!behaviour) throw new Error(`Toss has no payment method ${paymentMethod}.`);
        const paymentKey = `tgen_${randomId()}`;
        const { orderId, amount: totalAmount } = request;
        keep({ paymentKey, orderId, totalAmount, behaviour, openedAt: now(), cancels: [] });

        return paymentKey;
      },
    });

  const confirm = (
    known: StoredTossPayment,
    key: string | undefined,
    request: Record<string, unknown>,
  ): HandledRequest => {
    const { behaviour } = known;
    const orderId = String(request.orderId);
    requestCounts.set(orderId, (requestCounts.get(orderId) ?? 0) + 1);
    const refused = confirmRefusal(known, request, of(orderId), now());
    if (refused) return respond(errorResponse(...refused));
    if (behaviour.response === 'rate-limit' && !limitedKeys.has(key)) {
      limitedKeys.add(key);

      return { response: errorResponse(429, 'TOO_MANY_REQUESTS') };
    }
    if (behaviour.response === 'unlisted-code')
      return respond(errorResponse(400, undocumentedCode));
    if (behaviour.effect === 'none') return { response: { kind: 'hang' } };

    const settlesAt = now() + behaviour.settlesAfterMs;
    const confirmed = {
      ...known,
      totalAmount: known.totalAmount + behaviour.amountOff,
      confirmation: { at: now(), settlesAt },
    };
    keep(confirmed);
    emitAbout(confirmed, 'PAYMENT_STATUS_CHANGED', settlesAt);
    const { failure, ...payment } = paymentAt(confirmed, settlesAt);

    return respondBy(
      behaviour,
      failure ? errorResponse(403, failure.code, failure.message) : jsonReply(200, payment),
      settlesAt,
      now(),
    );
  };

  const cancel = (
    known: StoredTossPayment,
    key: string | undefined,
    { cancelAmount, cancelReason }: Record<string, unknown>,
  ): HandledRequest => {
    const { refund: behaviour } = known.behaviour;
    const isFirst = !refundRequests.some((each) => each.key === key);
    refundRequests.push({ orderId: known.orderId, key });
    const remaining = remainingAmount(known, now());
    if (!isCaptured(known, now())) return respond(errorResponse(403, 'NOT_CANCELABLE_PAYMENT'));
    if (remaining === 0) return respond(errorResponse(400, 'ALREADY_CANCELED_PAYMENT'));
    if (behaviour.isFirstLost && isFirst) return { response: { kind: 'hang' } };
    const { rejectionCode } = behaviour;
    if (rejectionCode !== undefined)
      return respond(errorResponse(rejectionCode === undocumentedCode ? 400 : 403, rejectionCode));
    const amount = Number(cancelAmount ?? remaining);
    if (amount > remaining) return respond(errorResponse(403, 'NOT_CANCELABLE_AMOUNT'));

    const made: StoredCancel = {
      transactionKey: randomId(),
      amount,
      reason: String(cancelReason),
      at: now(),
      settlesAt: now() + behaviour.settlesAfterMs,
      isHidden: behaviour.isHidden,
      isAborted: behaviour.isAborted && known.cancels.length === 0,
    };
    const changed = { ...known, cancels: [...known.cancels, made] };
    keep(changed);
    emitAbout(changed, 'PAYMENT_STATUS_CHANGED', now());
    if (made.settlesAt > now()) emitAbout(changed, 'CANCEL_STATUS_CHANGED', made.settlesAt);
    const shownAt = behaviour.response === 'key-in-use' ? made.settlesAt : now();

    return respondBy(behaviour, jsonReply(200, paymentAt(changed, shownAt)), made.settlesAt, now());
  };

  /** Looks a payment up by `orders/{orderId}` or `{paymentKey}`. */
  const findPayment = ([first = '', orderId]: string[]): PlainResponse => {
    const known = orderId === undefined ? stored.get(first) : of(orderId)[0];

    return !known || isHidden(known, now())
      ? errorResponse(404, 'NOT_FOUND_PAYMENT')
      : jsonReply(200, paymentAt(known, now()));
  };

  const transactions = ({
    startDate = '',
    endDate = '',
    startingAfter,
    limit = '100',
  }: PlainRequest['query']): PlainResponse => {
    const shown = all()
      .filter((payment) => !isHidden(payment, now()))
      .flatMap((payment) => transactionsAt(payment, now()))
      .filter(({ transactionAt }) => transactionAt >= startDate && transactionAt <= endDate);
    const from = shown.findIndex(({ transactionKey }) => transactionKey === startingAfter) + 1;

    return jsonReply(200, shown.slice(from, from + Number(limit)));
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
    if (previous && now() - previous.at < keyLifetimeMs)
      return now() < previous.busyUntil ? keyInUseResponse : previous.storedResponse;

    const handled = (isConfirmation ? confirm : cancel)(known, key, parsed);
    const { response, storedResponse, busyUntil = 0 } = handled;
    if (storedResponse) responses.set(scope, { at: now(), storedResponse, busyUntil });

    return response;
  };

  const stateOf = (reference: string): GatewayState => {
    const captured = of(reference).filter((payment) => isCaptured(payment, now()));

    return {
      requests: requestCounts.get(reference) ?? 0,
      captured: captured.map(({ totalAmount }) => totalAmount),
      refundRequests: refundRequests.filter(({ orderId }) => orderId === reference).length,
      refunded: captured.flatMap((payment) =>
        activeCancels(payment, now()).map(({ amount }) => amount),
      ),
    };
  };

  return {
    server,
    openWindow,
    stateOf,
    /** The payments of a reference, the oldest first. */
    of,
    references: () => [...new Set(all().map(({ orderId }) => orderId))],
    /** Changes what Toss shows of a payment. */
    set: (paymentKey: string, override: Partial<TossPayment>) => {
      const known = stored.get(paymentKey);
      if (known) keep({ ...known, override });
    },
  };
};
