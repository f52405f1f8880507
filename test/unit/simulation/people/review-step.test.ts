import { describe, expect, it } from 'vitest';
import type { Payment } from '../../../../shared/domain/payments/payment.ts';
import { checkDecision } from '../../../../shared/domain/reviews/decision-check.ts';
import type { GatewayTruth } from '../../../simulation/gateways/gateway.ts';
import {
  nextReviewStep,
  type Preferences,
  type ReviewCase,
  type ReviewStep,
} from '../../../simulation/people/review-step.ts';
import { aPayment } from '../../../support/builders/builders.ts';
import { nothingAtGateway } from './fake-shop.ts';

const keeps: Preferences = { keepsCharge: true, refundsByHand: true, canRefund: true };
const returns: Preferences = { ...keeps, keepsCharge: false };
const fails: Preferences = { ...keeps, refundsByHand: false };
const refused: Preferences = { ...keeps, canRefund: false };
const refusedReturn: Preferences = { ...returns, canRefund: false };

const held = {
  status: 'IN_REVIEW',
  gatewayAmount: 1_000,
  gatewayRefunded: 0,
  refundPending: 0,
  gatewayRefundPending: 0,
} as const;
const booked = { ...held, status: 'COMPLETED' } as const;

const paymentReview = (code: string, parts: Partial<ReviewCase> = {}): ReviewCase => ({
  kind: 'payment',
  code,
  decisions: ['completed', 'failed'],
  payment: held,
  refunds: [],
  ...parts,
});

const refundReview = (parts: Partial<ReviewCase> = {}): ReviewCase => ({
  kind: 'refund',
  code: 'outcome-unknown',
  refundId: 'rfd_1',
  decisions: ['completed', 'failed'],
  payment: { ...booked, refundPending: 300, gatewayRefundPending: 300 },
  refunds: [{ refundId: 'rfd_1', gatewayAmount: 300, status: 'UNDER_REVIEW' }],
  ...parts,
});

const differenceReview = (amount: number, parts: Partial<ReviewCase> = {}): ReviewCase => ({
  kind: 'gateway-difference',
  code: 'gateway-difference',
  decisions: amount < 0 ? ['completed', 'reversed'] : ['completed'],
  difference: { captured: 1_000, refunded: -amount, booked: 0, pending: 0, amount },
  payment: booked,
  refunds: [],
  ...parts,
});

const at = (captured: number, refunded = 0, parts: Partial<GatewayTruth> = {}): GatewayTruth => ({
  ...nothingAtGateway,
  captures: captured > 0 ? 1 : 0,
  captured,
  refunded,
  ...parts,
});

const wait: ReviewStep = { step: 'wait' };
const decide = (decision: 'completed' | 'failed' | 'reversed', refund?: number): ReviewStep => ({
  step: 'decide',
  decision,
  ...(refund !== undefined && { refund }),
});

const late = { decisions: ['reversed'] } as const;
const free = { payment: { ...held, gatewayAmount: 0 } };
const other = { payment: { ...booked, refundPending: 800, gatewayRefundPending: 800 } };
const returned = { payment: { ...booked, status: 'REVERSED' as const } };

const cases: readonly [string, ReviewCase, GatewayTruth, Preferences, ReviewStep][] = [
  ['unknown, captured', paymentReview('outcome-unknown'), at(1_000), keeps, decide('completed')],
  ['unknown, captured', paymentReview('outcome-unknown'), at(1_000), returns, decide('completed')],
  ['unknown, nothing there', paymentReview('outcome-unknown'), at(0), keeps, decide('failed')],
  [
    'unknown, given back',
    paymentReview('outcome-unknown'),
    at(1_000, 1_000),
    keeps,
    decide('failed'),
  ],
  [
    'unknown, in progress',
    paymentReview('outcome-unknown'),
    at(0, 0, { isPending: true }),
    keeps,
    wait,
  ],
  ['too much, kept', paymentReview('pg-mismatch'), at(1_001), keeps, decide('completed', 1)],
  ['too much, returned', paymentReview('pg-mismatch'), at(1_001), returns, decide('failed', 1_001)],
  ['too much, refused', paymentReview('pg-mismatch'), at(1_001), refused, wait],
  ['too little', paymentReview('pg-mismatch'), at(900), keeps, decide('failed', 900)],
  [
    'partly refunded',
    paymentReview('refunded-at-gateway'),
    at(1_000, 400),
    keeps,
    decide('failed', 600),
  ],
  [
    'wholly refunded',
    paymentReview('refunded-at-gateway'),
    at(1_000, 1_000),
    keeps,
    decide('failed'),
  ],
  ['order taken, kept', paymentReview('ledger-mismatch'), at(1_000), keeps, decide('completed')],
  [
    'order taken, returned',
    paymentReview('ledger-mismatch'),
    at(1_000),
    returns,
    decide('failed', 1_000),
  ],
  [
    'order taken, refused',
    paymentReview('ledger-mismatch'),
    at(1_000),
    refusedReturn,
    decide('completed'),
  ],
  [
    'step failed',
    paymentReview('compensation-incomplete', { decisions: ['failed'] }),
    at(0),
    keeps,
    decide('failed'),
  ],
  [
    'late capture',
    paymentReview('refund-unconfirmed', late),
    at(1_000),
    keeps,
    decide('reversed', 1_000),
  ],
  [
    'late capture, refunded',
    paymentReview('refund-unconfirmed', late),
    at(1_000, 1_000),
    keeps,
    decide('reversed'),
  ],
  ['free of charge', paymentReview('ledger-mismatch', free), at(0), keeps, decide('completed')],
  ['decided already', paymentReview('outcome-unknown', { decisions: [] }), at(0), keeps, wait],
  [
    'refund paid',
    refundReview(),
    at(1_000, 300, { refundKeys: ['rfd:rfd_1'] }),
    fails,
    decide('completed'),
  ],
  [
    'refund of another',
    refundReview(),
    at(1_000, 100, { refundKeys: ['rfd:rfd_2'] }),
    fails,
    decide('failed'),
  ],
  ['refund missing, by hand', refundReview(), at(1_000), keeps, decide('completed', 300)],
  ['refund missing', refundReview(), at(1_000), fails, decide('failed')],
  ['refund refused', refundReview(), at(1_000), refused, decide('failed')],
  ['refunded by hand', refundReview(), at(1_000, 300), keeps, decide('completed')],
  ['perhaps another refund', refundReview(other), at(1_000, 300), keeps, wait],
  ['missing beside another', refundReview(other), at(1_000), keeps, decide('failed')],
  ['refund in progress', refundReview(), at(1_000, 0, { isPending: true }), keeps, wait],
  ['refunded at gateway', differenceReview(-400), at(1_000, 400), keeps, decide('reversed')],
  [
    'not bookable',
    differenceReview(-400, { decisions: ['completed'] }),
    at(1_000, 400),
    keeps,
    decide('completed'),
  ],
  [
    'our refund failed there',
    differenceReview(300, { payment: { ...booked, gatewayRefunded: 300 } }),
    at(1_000),
    keeps,
    { step: 'inquire', refund: 300 },
  ],
  [
    'kept after a reversal',
    differenceReview(1_000, returned),
    at(1_000),
    keeps,
    { step: 'inquire', refund: 1_000 },
  ],
  [
    'kept and not refundable',
    differenceReview(1_000, returned),
    at(1_000),
    refused,
    decide('completed'),
  ],
  ['equal again', differenceReview(-400), at(1_000), keeps, { step: 'inquire' }],
  ['another difference', differenceReview(-400), at(1_000, 500), keeps, { step: 'inquire' }],
  ['difference while refunding', differenceReview(-400, other), at(1_000, 400), keeps, wait],
  [
    'event not built',
    paymentReview('event-not-built', { kind: 'event', decisions: ['completed'] }),
    at(0),
    keeps,
    wait,
  ],
];

describe('nextReviewStep', () => {
  it.each(cases)('%s', (_name, review, truth, preferences, expected) => {
    expect(nextReviewStep(review, truth, preferences)).toEqual(expected);
  });

  const paymentDecisions = cases.flatMap(([name, review, truth, preferences, expected]) =>
    review.kind === 'payment' && expected.step === 'decide'
      ? [{ name, review, truth, preferences, ...expected }]
      : [],
  );

  it.each(paymentDecisions)('agrees with the service: $name', (one) => {
    const { review, truth, decision, refund = 0 } = one;
    const from = review.decisions.includes('completed') ? 'CHARGING' : 'FAILED';
    const history = [{ version: 3, at: '', from, to: 'IN_REVIEW', by: 'test' }] as const;
    const payment: Payment = aPayment({ ...review.payment, attempt: 1, history });
    const { captured, refunded: before } = truth;
    const observed =
      captured > 0
        ? ({ status: 'captured', captured, refunded: before + refund, differences: [] } as const)
        : ({ status: 'absent' } as const);

    expect(checkDecision(decision, payment, observed)).toEqual({ result: 'agrees' });
  });
});
