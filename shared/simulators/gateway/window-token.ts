import { createHash } from 'node:crypto';

/** What a payment method of the window is bound to. */
export interface WindowOrder {
  readonly reference: string;
  readonly amount: number;
  readonly currency: string;
}

/**
 * A payment method for one order alone: `sim_window_approve_<seal>` behaves as `sim_approve`. The seal has letters
 * only, because digits could look like a card number.
 */
export const windowTokenOf = (paymentMethod: string, order: WindowOrder): string =>
  `${paymentMethod.replace(/^sim_/, prefix)}_${sealOf(paymentMethod, order)}`;

/** The payment method behind a token of the window; others are returned unchanged. */
export const methodBehindToken = (token: string): string =>
  token.startsWith(prefix) ? token.replace(prefix, 'sim_').replace(sealPattern, '') : token;

/** Whether an order may be paid with it: a token of the window pays the order that it was given for. */
export const isUsableFor = (token: string, order: WindowOrder): boolean =>
  !token.startsWith(prefix) || token === windowTokenOf(methodBehindToken(token), order);

const prefix = 'sim_window_';
const sealPattern = /_[a-p]{24}$/;

const sealOf = (paymentMethod: string, { reference, amount, currency }: WindowOrder): string =>
  createHash('sha256')
    .update(JSON.stringify([paymentMethod, reference, amount, currency]))
    .digest('hex')
    .slice(0, 24)
    .replaceAll(/./g, (digit) =>
      String.fromCharCode('a'.charCodeAt(0) + Number.parseInt(digit, 16)),
    );
