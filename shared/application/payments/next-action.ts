import { gatewayReferenceOf } from '../../domain/payments/charge-reference.ts';
import { holdExpiresAt } from '../../domain/payments/hold-release.ts';
import type { Payment } from '../../domain/payments/payment.ts';
import type { Timings } from '../../domain/timings.ts';
import type { Checkout } from '../../gateway/checkout.ts';

/** What the buyer's page does next. For the buyer alone: never in an event, a log or an operator's view. */
export type NextAction =
  | ProvideMethodAction
  /** Send the buyer to this page of the gateway or the bank. */
  | { readonly type: 'redirect'; readonly url: string; readonly expiresAt: string };

/** Open the gateway's window with exactly this reference and amount, and confirm with the method it gives. */
export interface ProvideMethodAction extends Checkout {
  readonly type: 'provide-payment-method';
  readonly reference: string;
  /** Minor units. */
  readonly amount: number;
  readonly currency: string;
  /** ISO 8601. */
  readonly expiresAt: string;
}

export interface NextActionOptions {
  readonly checkout: Checkout;
  readonly timings: Pick<Timings, 'holdExpiryMs'>;
}

type WaitingPayment = Pick<
  Payment,
  'paymentId' | 'attempt' | 'gatewayAmount' | 'currency' | 'createdAt' | 'returnUrl'
>;

/** Asks the buyer for a payment method for the attempt to come. */
export const provideMethodAction = (
  payment: WaitingPayment,
  { checkout, timings }: NextActionOptions,
): ProvideMethodAction => {
  const { gatewayAmount: amount, currency, returnUrl } = payment;
  const charge = { reference: gatewayReferenceOf(payment), amount, currency };

  return {
    type: 'provide-payment-method',
    ...checkout,
    ...(checkout.url !== undefined && {
      url: windowUrl(checkout.url, { ...charge, ...(returnUrl !== undefined && { returnUrl }) }),
    }),
    ...charge,
    expiresAt: holdExpiresAt(payment, timings),
  };
};

const windowUrl = (page: string, query: Readonly<Record<string, string | number>>): string => {
  const url = new URL(page);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, `${value}`);

  return url.href;
};

/** What the payment waits for, if it waits for its buyer. A cancelled one no longer does. */
export const nextActionOf = (
  payment: Payment,
  options: NextActionOptions,
): NextAction | undefined => {
  const { status, action, cancelRequestedAt } = payment;
  if (status === 'REQUIRES_METHOD') return provideMethodAction(payment, options);
  const isWaiting = status === 'REQUIRES_ACTION' && cancelRequestedAt === undefined;
  if (!isWaiting || action === undefined) return undefined;

  return { type: 'redirect', url: action.url, expiresAt: action.expiresAt };
};
