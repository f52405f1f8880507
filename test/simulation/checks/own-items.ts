import { routeOf } from '../../support/builders/api-gateway-event.ts';
import type { ApiAnswer, RunRecord } from '../run-record.ts';
import type { Check } from './check.ts';
import { ordersOf, paymentsOf, refundsOf } from './stored-items.ts';

/** The owner of each order, payment and refund. */
const ownersOf = (run: RunRecord): ReadonlyMap<string, string> =>
  new Map([
    ...ordersOf(run).map(({ orderId, userId }) => [orderId, userId] as const),
    ...paymentsOf(run).map(({ paymentId, userId }) => [paymentId, userId] as const),
    ...refundsOf(run).map(({ refundId, userId }) => [refundId, userId] as const),
  ]);

const idIn = /\b(?:ord|pay|rfd)_[0-9a-z]{26}\b/g;

const strangersIn = (
  owners: ReadonlyMap<string, string>,
  { request, body }: ApiAnswer,
): readonly string[] => {
  const ids = new Set(JSON.stringify(body ?? {}).match(idIn));

  return [...ids]
    .filter((id) => owners.get(id) !== request.buyer)
    .map(
      (id) => `${request.method} ${request.path} shows ${request.buyer} ${id} of ${owners.get(id)}`,
    );
};

export const ownItems: Check = {
  name: 'own-items',
  property:
    'A successful response to a buyer names only orders, payments and refunds of this buyer.',
  invariants: [10],
  atEnd: (run) => {
    const owners = ownersOf(run);

    return run.answers
      .filter(({ status }) => status >= 200 && status < 300)
      .filter(({ request: { method, path } }) => routeOf(method, path).route.access === 'buyer')
      .flatMap((answer) => strangersIn(owners, answer));
  },
};
