import {
  type BuyerDeclineCode,
  buyerDeclineCodes,
  declineReasons,
  type OwnFailureCode,
  type RefundFailureCode,
} from '../../shared/domain/payments/buyer-failure.ts';
import type { DeclineTable } from '../../shared/gateway/decline-table.ts';
import { simulatorDeclineTable } from '../../shared/gateway/simulator/decline-table.ts';
import { stripeDeclineTable } from '../../shared/gateway/stripe/decline-table.ts';
import { tossDeclineTable } from '../../shared/gateway/toss/decline-table.ts';
import { table } from '../cli/markdown.ts';
import type { Guidance } from './problems.ts';

/** What the buyer can do about each decline. */
const declineActions: Readonly<Record<BuyerDeclineCode, string>> = {
  'card-declined': 'Use another payment method, or ask the bank.',
  'insufficient-funds': 'Use another payment method, or add funds.',
  'expired-card': 'Use another card.',
  'invalid-card': 'Check the details and enter them again, or use another payment method.',
  'authentication-failed':
    'Pay again and complete the authentication, or use another payment method.',
  'limit-exceeded': 'Use another payment method, pay less, or ask the bank to raise the limit.',
  'method-not-supported': 'Use another payment method.',
  'try-again-later': 'Try again later, or use another payment method.',
};

const wait = 'Wait: an operator decides. The funds stay held.';

const ownFailures: Readonly<Record<OwnFailureCode, Guidance>> = {
  'insufficient-balance': {
    when: 'The balance does not cover its part of the payment, or has another currency.',
    do: 'Deposit, then create a new order.',
  },
  'out-of-stock': { when: 'The stock does not cover the order.', do: 'Create a new order.' },
  'hold-expired': {
    when: 'The payment could not be charged in time.',
    do: 'Create a new order and pay again.',
  },
  'not-confirmed-in-time': {
    when: 'The buyer provided no payment method, or none after a decline, while the hold lasted.',
    do: 'Create a new order and pay again.',
  },
  'authentication-expired': {
    when: 'The buyer did not finish the authentication in time, and the charge was cancelled at the gateway.',
    do: 'Create a new order and pay again.',
  },
  'cancelled-by-buyer': {
    when: 'The buyer cancelled the payment before it was charged.',
    do: 'Nothing.',
  },
  'cancelled-by-merchant': {
    when: 'The merchant cancelled the payment before it was charged.',
    do: 'Contact support.',
  },
  'not-charged': {
    when: 'The outcome was unknown; the gateway has no charge and cannot make one any more.',
    do: 'Create a new order and pay again.',
  },
  'not-paid': {
    when: 'An operator found that the payment was not paid.',
    do: 'Create a new order and pay again.',
  },
  'outcome-unknown': { when: 'The gateway gave no conclusive answer.', do: wait },
  'pg-mismatch': { when: 'The gateway approved another charge than requested.', do: wait },
  'refunded-at-gateway': { when: 'The charge was refunded at the gateway itself.', do: wait },
  'ledger-mismatch': { when: 'A charge was approved whose order is cancelled.', do: wait },
  'unknown-failure': {
    when: 'The payment failed, and no reason is stored.',
    do: 'Create a new order and pay again.',
  },
};

const refundFailures: Readonly<Record<RefundFailureCode, Guidance>> = {
  'refund-declined': {
    when: 'The gateway declined the refund. Its amount is refundable again.',
    do: 'Contact support.',
  },
  'not-refunded': {
    when: 'An operator found that it was not refunded.',
    do: 'Contact support.',
  },
  'outcome-unknown': { when: 'The gateway gave no conclusive answer.', do: 'Wait.' },
  'cancel-refund-declined': {
    when: 'The gateway declined the refund of a cancelled payment.',
    do: 'Wait: an operator decides.',
  },
};

const gateways: readonly (readonly [name: string, declines: DeclineTable])[] = [
  ['Stripe', stripeDeclineTable],
  ['Toss', tossDeclineTable],
  ['simulator', simulatorDeclineTable],
];

/** Every code of a decline, with the codes of each gateway that it stands for. */
export const declineCodeList = (): string =>
  table(
    ['code', 'reason', 'the buyer', ...gateways.map(([name]) => name)],
    buyerDeclineCodes.map((code) => [
      `\`${code}\``,
      declineReasons[code],
      declineActions[code],
      ...gateways.map(([, declines]) => gatewayCodes(declines, code)),
    ]),
  );

const gatewayCodes = (declines: DeclineTable, buyerCode: BuyerDeclineCode): string =>
  [...declines]
    .filter(([, to]) => to === buyerCode)
    .map(([code]) => `\`${code}\``)
    .toSorted()
    .join(', ');

const guidanceList = (failures: Readonly<Record<string, Guidance>>): string =>
  table(
    ['code', 'when', 'the buyer'],
    Object.entries(failures).map(([code, guidance]) => [`\`${code}\``, guidance.when, guidance.do]),
  );

/** Every code of a payment that failed, or is under review, for another reason than a decline. */
export const failureCodeList = () => guidanceList(ownFailures);

/** The same for a refund. */
export const refundFailureCodeList = () => guidanceList(refundFailures);
