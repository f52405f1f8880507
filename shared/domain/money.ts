/** The currency of a wallet into which nothing was ever paid, and so the one that the shop sells in. */
export const homeCurrency = 'KRW';
