import { compensationTarget } from '../compensation/compensation-target.ts';
import type { Payment } from '../payments/payment.ts';
import type { Refund } from '../refunds/refund.ts';

/** A buyer, and the id that replaces theirs. */
export interface Pseudonym {
  readonly userId: string;
  /** `erased_` and random characters: it says nothing about the buyer. */
  readonly pseudonym: string;
}

const prefix = 'erased_';

/** The pseudonym of one run, of a random id. */
export const pseudonymOf = (randomId: string): string => `${prefix}${randomId.replaceAll('-', '')}`;

/** Whether a buyer's id is a pseudonym, as far as its form says. For what an operator reads, and no decision about money. */
export const isPseudonym = (userId: string): boolean => userId.startsWith(prefix);

/** Fields with free text, in which the id of a buyer may be a word. */
const textFields = ['reason', 'detail', 'evidence', 'observation'];

const removedReason = 'removed at the erasure of the buyer';

const escapeForRegExp = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** The reason of a buyer follows these words in a history. */
const withoutBuyersReason = (text: string): string =>
  text.replace(/^(cancelled by the buyer): .*$/s, '$1');

/** A copy of an item in which the pseudonym replaces the buyer's id, also in texts and targets. */
export const pseudonymise = <T extends object>(item: T, { userId, pseudonym }: Pseudonym): T => {
  const asWord = new RegExp(`(?<![\\w-])${escapeForRegExp(userId)}(?![\\w-])`, 'g');

  const replaceText = (field: string, text: string): string => {
    if (field === 'userId') return text === userId ? pseudonym : text;
    if (field === 'target')
      return text === compensationTarget.balance(userId)
        ? compensationTarget.balance(pseudonym)
        : text;

    return textFields.includes(field)
      ? withoutBuyersReason(text).replaceAll(asWord, pseudonym)
      : text;
  };
  const replace = (field: string, value: unknown): unknown => {
    if (typeof value === 'string') return replaceText(field, value);
    if (Array.isArray(value)) return value.map((one) => replace(field, one));
    if (typeof value !== 'object' || value === null) return value;

    return replaceFields(value);
  };
  const replaceFields = (fields: object): object =>
    Object.fromEntries(
      Object.entries(fields).map(([field, value]) => [field, replace(field, value)]),
    );

  return replaceFields(item) as T;
};

/** An ended payment without its buyer, and without what only the buyer needs or has written. */
export const pseudonymisePayment = (payment: Payment, buyer: Pseudonym): Payment => {
  const { returnUrl, action, cancelReason, ...kept } = payment;

  return pseudonymise(kept, buyer);
};

/** A refund without its buyer. The reason of an operator is kept, the buyer's own is not. */
export const pseudonymiseRefund = (refund: Refund, buyer: Pseudonym): Refund => {
  const pseudonymised = pseudonymise(refund, buyer);

  return refund.requestedBy === undefined
    ? { ...pseudonymised, reason: removedReason }
    : pseudonymised;
};
