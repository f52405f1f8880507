import { declinedCharge } from '../decline-table.ts';
import type { ChargeReference, DeclinedCharge } from '../payment-gateway.ts';
import { stripeDeclineTable } from './decline-table.ts';
import { minorUnitExceptions, threeDecimalCurrencies } from './protocol.ts';

/** Declines, before anything is sent, an amount that Stripe would misread or does not accept. */
export const declineUnsupportedAmount = ({
  amount,
  currency,
}: Money): DeclinedCharge | undefined => {
  if (minorUnitExceptions.includes(currency)) return unsupportedCurrencyUnit;

  return threeDecimalCurrencies.includes(currency) && amount % 10 !== 0
    ? unsupportedAmountStep
    : undefined;
};

type Money = Pick<ChargeReference, 'amount' | 'currency'>;

const unsupportedAmountStep = declinedCharge(
  stripeDeclineTable,
  'amount_not_supported',
  'Amounts in this currency must be multiples of 10 minor units.',
);

const unsupportedCurrencyUnit = declinedCharge(
  stripeDeclineTable,
  'currency_not_supported',
  'This gateway uses a different minor unit for this currency.',
);
