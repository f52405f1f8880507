/** The currency of a wallet into which nothing was ever paid, and so the one that the shop sells in. */
export const homeCurrency = 'KRW';

/** What a buyer has, in minor units of `currency`; `available + held + spent = deposited`. */
export interface Balance {
  readonly userId: string;
  readonly currency: string;
  readonly available: number;
  readonly held: number;
  readonly spent: number;
  readonly deposited: number;
}
