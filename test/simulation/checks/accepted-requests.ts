import type { OperatorIdentity } from '../../../shared/domain/operator.ts';
import type { ApiAnswer, RunRecord } from '../run-record.ts';
import type { Check } from './check.ts';
import { ordersOf, paymentsOf, refundsOf } from './stored-items.ts';

interface Stored {
  readonly userId: string;
  readonly orderId: string;
  readonly paymentId?: string;
  readonly requestedBy?: OperatorIdentity;
}

/** What an accepted request must have stored: its item, and the ids in the request that the item must have. */
const findStored = (
  run: RunRecord,
  { request, body }: ApiAnswer,
): Stored | 'nothing' | undefined => {
  // What an operator does is stored as if the buyer did it.
  const path = request.path.replace(/^\/operator(?=\/payments\/[^/]+\/(?:refunds|cancel)$)/, '');
  const [, collection, id, action] = path.split('/');
  if (request.method !== 'POST') return 'nothing';
  if (collection === 'orders')
    return ordersOf(run).find(({ orderId }) => orderId === body?.orderId);
  if (collection !== 'payments') return 'nothing';
  if (action === 'refunds')
    return refundsOf(run).find(
      ({ refundId, paymentId }) => refundId === body?.refundId && paymentId === id,
    );

  return paymentsOf(run).find(
    ({ paymentId }) => paymentId === body?.paymentId && (id === undefined || paymentId === id),
  );
};

const faultsOf = (run: RunRecord, answer: ApiAnswer): readonly string[] => {
  const { request, body, status } = answer;
  const stored = findStored(run, answer);
  if (stored === 'nothing') return [];
  const name = `${request.method} ${request.path} of ${request.buyer} (${status})`;
  if (stored === undefined) return [`${name} stored nothing: ${JSON.stringify(body)}`];
  const isCancelledForBuyer = /^\/operator\/.*\/cancel$/.test(request.path);
  const requester = stored.requestedBy?.sub ?? stored.userId;
  if (requester !== request.buyer && !isCancelledForBuyer)
    return [`${name} is stored for ${requester}`];

  if (isForgotten(run, answer))
    return [`${name} is confirmed, and its payment method is not stored`];

  // The response to a refund does not name the order.
  const { orderId = stored.orderId } = body ?? {};

  return stored.orderId === orderId ? [] : [`${name} is stored for ${stored.orderId}`];
};

/** A payment method that was accepted must have been stored for the payment, so that the charger took it. */
const isForgotten = ({ paymentMethods }: RunRecord, { request, body }: ApiAnswer): boolean => {
  const { paymentMethod } = (request.body ?? {}) as { readonly paymentMethod?: string };
  if (paymentMethod === undefined || !request.path.endsWith('/confirm')) return false;

  return paymentMethods.get(String(body?.paymentId))?.has(paymentMethod) !== true;
};

export const acceptedRequests: Check = {
  name: 'accepted-requests',
  property:
    'An order, payment, payment method, refund or cancellation that the API accepted is stored for the buyer, or by the operator, who requested it.',
  invariants: [1, 2],
  atEnd: (run) =>
    run.answers
      .filter(({ status }) => status >= 200 && status < 300)
      .flatMap((answer) => faultsOf(run, answer)),
};
