/** The currency of a wallet into which nothing was ever paid, and so the one that the shop sells in. */
export const defaultCurrency = 'KRW';

/** What a buyer has, in minor units of `currency`; `available + held + spent = deposited`. */
export interface Balance {
  readonly userId: string;
  readonly currency: string;
  readonly available: number;
  readonly held: number;
  readonly spent: number;
  readonly deposited: number;
}

/** Whether a number is whole, not negative, and exact: at most 2^53 - 1. */
export const isAmount = (value: unknown): value is number =>
  Number.isSafeInteger(value) && (value as number) >= 0;

/** A write was about to move an amount of money or a number of units that is not a positive whole number up to 2^53 - 1. */
export class InvalidAmountError extends Error {
  constructor(what: string, amount: unknown) {
    super(`${what}: cannot move ${amount}; it has to be a whole number from 1 to 2^53 - 1.`);
    this.name = 'InvalidAmountError';
  }
}

/** Returns the amount that a write may move; throws InvalidAmountError for any other. */
export const requirePositiveAmount = (amount: number, what: string): number => {
  if (!isAmount(amount) || amount === 0) throw new InvalidAmountError(what, amount);

  return amount;
};
