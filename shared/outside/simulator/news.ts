import type { WebhookBody } from '../../pg/simulator-protocol.ts';
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
  if (after.cancelledAt === undefined || before.cancelledAt !== undefined) return charged;

  const id = idOf('evt', `cancelled ${reference}`);

  return [...charged, { id, type: 'charge.aborted', reference, at: after.cancelledAt }];
};
