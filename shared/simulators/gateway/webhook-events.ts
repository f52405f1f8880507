import type { WebhookBody } from '../../gateway/simulator/protocol.ts';
import { type Account, idOf } from './account.ts';
import type { Behaviour } from './behaviours.ts';

/** One webhook to be sent. */
export interface News {
  /** The same for each copy of it. */
  readonly id: string;
  readonly type: WebhookBody['type'];
  readonly reference: string;
  /** In milliseconds since the epoch. */
  readonly at: number;
}

/** What a request has done to an account, as the PG tells it by and by: how a new charge ended, or that its reference was cancelled. */
export const newsOf = (
  before: Account,
  after: Account,
  behaviours: ReadonlyMap<string, Pick<Behaviour, 'news'>>,
): readonly News[] => {
  const { reference } = after;
  const known = new Set(before.charges.map(({ key }) => key));
  const charged = after.charges
    .filter(({ key, notify }) => notify && !known.has(key))
    .flatMap(({ key, paymentMethod, settlesAt }) =>
      (behaviours.get(paymentMethod)?.news ?? []).map(({ type, afterMs }) => ({
        id: idOf('evt', `${key} ${type}`),
        type,
        reference,
        at: settlesAt + afterMs,
      })),
    );
  const told = [...charged, ...refundNewsOf(before, after)];
  if (after.cancelledAt === undefined || before.cancelledAt !== undefined) return told;

  const id = idOf('evt', `cancelled ${reference}`);

  return [...told, { id, type: 'charge.aborted', reference, at: after.cancelledAt }];
};

/** That a refund was paid back, whoever asked for it, and that it failed after that. */
const refundNewsOf = (before: Account, { reference, refunds, charges }: Account): News[] => {
  const known = new Set(before.refunds.map(({ key }) => key));
  if (charges.some(({ notify }) => !notify)) return [];

  return refunds
    .filter(({ key, refused }) => !refused && !known.has(key))
    .flatMap(({ key, settlesAt, failsAt }) => {
      const news = (type: News['type'], at: number): News => ({
        id: idOf('evt', `${key} ${type}`),
        type,
        reference,
        at,
      });

      return [
        news('refund.done', settlesAt),
        ...(failsAt === undefined ? [] : [news('refund.failed', failsAt)]),
      ];
    });
};
