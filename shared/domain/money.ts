/** The shop's currency, and that of a balance without a deposit. */
export const defaultCurrency = 'KRW';

/** ISO 4217's code for "no currency": of a price that is always zero, and of an amount whose currency is missing or cannot be read. */
export const noCurrency = 'XXX';

/** A buyer's balance in minor units of `currency`; `available + held + spent = deposited`. */
export interface Balance {
  readonly userId: string;
  readonly currency: string;
  readonly available: number;
  readonly held: number;
  readonly spent: number;
  readonly deposited: number;
}

/** Whether a value is an integer from 0 to 2^53 - 1. */
export const isAmount = (value: unknown): value is number =>
  Number.isSafeInteger(value) && (value as number) >= 0;

/** A write would move an amount or a quantity that is not an integer from 1 to 2^53 - 1. */
export class InvalidAmountError extends Error {
  constructor(subject: string, amount: unknown) {
    super(`${subject}: cannot move ${amount}; it must be an integer from 1 to 2^53 - 1.`);
    this.name = 'InvalidAmountError';
  }
}

/** Returns the amount if a write may move it; throws InvalidAmountError otherwise. */
export const requirePositiveAmount = (amount: number, subject: string): number => {
  if (!isAmount(amount) || amount === 0) throw new InvalidAmountError(subject, amount);

  return amount;
};
