import { describe, expect, it } from 'vitest';
import { failedPayments } from '../../../simulation/checks/failed-payments.ts';
import { gatewayBalance } from '../../../simulation/checks/gateway-balance.ts';
import { oneCapture } from '../../../simulation/checks/one-capture.ts';
import { refundAtGateway } from '../../../simulation/checks/refund-at-gateway.ts';
import { cleanRun, compensated, failing, paid, refund, withItems } from './clean-run.ts';
import {
  type GatewayAccount,
  problemsAtEnd,
  problemsOfWrite,
  type RunParts,
  writeOf,
} from './run-builder.ts';

const captured: Partial<GatewayAccount> = { captures: 1, captured: 5_000 };

/** The clean run with another account of one payment at the gateway. */
const withCharge = (
  paymentId: string,
  account: Partial<GatewayAccount>,
  run: RunParts = cleanRun,
): RunParts => ({
  ...run,
  charges: { ...run.charges, [paymentId]: { ...run.charges?.[paymentId], ...account } },
});

describe('the check of captures', () => {
  it('reports two captures of one payment', async () => {
    expect(await problemsAtEnd(oneCapture, withCharge(paid.paymentId, { captures: 2 }))).toBe(
      `${paid.orderId} is captured 2 times`,
    );
  });

  it('reports a capture of each of two payments of one order', async () => {
    const other = { ...compensated, orderId: paid.orderId };
    const run = withCharge(other.paymentId, captured, withItems({ Payments: [paid, other] }));

    expect(await problemsAtEnd(oneCapture, run)).toBe(`${paid.orderId} is captured 2 times`);
  });

  it('reports a capture of each of two attempts of one payment', async () => {
    const run = withCharge(`${paid.paymentId}-2`, captured);

    expect(await problemsAtEnd(oneCapture, run)).toBe(`${paid.orderId} is captured 2 times`);
  });

  it('accepts a late capture of a declined attempt, and no second one of it', async () => {
    const late = { ...paid, paymentMethod: 'sim_decline_late_approve' };
    const run = withItems({ Payments: [late] });
    const problemsOf = (account: Partial<GatewayAccount>) =>
      problemsAtEnd(oneCapture, withCharge(`${paid.paymentId}-2`, account, run));

    expect(await problemsOf(captured)).toBe('');
    expect(await problemsOf({ captures: 2 })).toBe(`${paid.orderId} is captured 2 times`);
  });

  it('reports a capture without a payment', async () => {
    expect(await problemsAtEnd(oneCapture, withCharge('pay_stranger', captured))).toContain(
      'there is no such payment',
    );
  });
});

describe('the check of the balance at the gateway', () => {
  it.each([
    ['holds less than a completed payment', paid.paymentId, { refunded: 3_000 }],
    ['holds more than a completed payment', paid.paymentId, { refunded: 0 }],
    ['holds something of a payment that was given back', compensated.paymentId, captured],
    ['refunds more than it captured', paid.paymentId, { refunded: 3_001 }],
  ])('reports a gateway that %s', async (_, paymentId, account) => {
    expect(await problemsAtEnd(gatewayBalance, withCharge(paymentId, account))).toContain(
      paymentId,
    );
  });

  it.each([
    [2_000, true],
    [1_999, false],
  ])(
    'accepts that %i of a refund under review may be paid: %s',
    async (gatewayRefundPending, isAccepted) => {
      const payment = { ...paid, refunded: 0, gatewayRefunded: 0, gatewayRefundPending };
      const run = withCharge(
        paid.paymentId,
        { refunded: 2_000 },
        withItems({ Payments: [payment] }),
      );

      expect((await problemsAtEnd(gatewayBalance, run)) === '').toBe(isAccepted);
    },
  );

  const late = { ...compensated, paymentMethod: 'sim_decline_late_approve' };
  const lateRun = withCharge(late.paymentId, captured, withItems({ Payments: [late] }));

  it('reports a late capture that a webhook has reported', async () => {
    expect(await problemsAtEnd(gatewayBalance, lateRun)).toContain('the gateway holds 5000');
  });

  it('accepts a late capture whose webhook is lost', async () => {
    const run = { ...lateRun, lostWebhooks: [late.paymentId] };

    expect(await problemsAtEnd(gatewayBalance, run)).toBe('');
  });

  it('does not accept a lost webhook of a capture that answers show', async () => {
    const run = { ...withCharge(compensated.paymentId, captured), lostWebhooks: [late.paymentId] };

    expect(await problemsAtEnd(gatewayBalance, run)).toContain('the gateway holds 5000');
  });

  it.each([
    [500, ''],
    [400, 'the gateway holds 1500, we say 1000'],
  ])('compares a reviewed difference of %i to the unit', async (amount, problem) => {
    const review = {
      kind: 'gateway-difference',
      paymentId: paid.paymentId,
      difference: { amount },
    };
    const run = withCharge(paid.paymentId, { refunded: 1_500 }, withItems({ Reviews: [review] }));

    expect(await problemsAtEnd(gatewayBalance, run)).toContain(problem);
    expect((await problemsAtEnd(gatewayBalance, run)) === '').toBe(problem === '');
  });
});

describe('the check of refunds at the gateway', () => {
  it.each([
    ['a refund that the gateway did not pay', refund, { refundKeys: [], refunds: [] }],
    ['a failed refund that the gateway paid', { ...refund, status: 'FAILED' }, {}],
  ])('reports %s', async (_, stored, account) => {
    const run = withCharge(paid.paymentId, account, withItems({ Refunds: [stored] }));

    expect(await problemsAtEnd(refundAtGateway, run)).toContain(`${refund.refundId} is`);
  });

  it.each([
    ['refunded', { ...paid, refunded: 1_000 }],
    ['refundPending', { ...paid, refundPending: 1_000 }],
  ])('reports %s of a payment that its refunds do not explain', async (field, payment) => {
    expect(await problemsAtEnd(refundAtGateway, withItems({ Payments: [payment] }))).toContain(
      `${field} of ${paid.paymentId}`,
    );
  });
});

describe('the check of failed payments', () => {
  it.each([
    ['without evidence', { ...failing, failure: { code: 'declined', reason: 'no' } }, {}],
    ['has no failure', { ...failing, failure: undefined }, {}],
    ['while the gateway holds 5000', failing, captured],
  ])('reports a payment that fails: %s', (problem, after, account) => {
    const run = withCharge(failing.paymentId, account);

    expect(
      problemsOfWrite(failedPayments, writeOf('Payments', { status: 'CHARGING' }, after), run),
    ).toContain(problem);
  });

  it('accepts a method that captures after a decline', () => {
    const after = { ...failing, paymentMethod: 'sim_decline_late_approve' };
    const run = withCharge(failing.paymentId, captured);

    expect(problemsOfWrite(failedPayments, writeOf('Payments', undefined, after), run)).toBe('');
  });

  it('accepts it of an earlier attempt, and of a charge that its buyer approves too late', async () => {
    const { paymentId, paymentMethod = '' } = compensated;
    const run = withCharge(paymentId, { ...captured, refunded: 5_000 });

    for (const earlier of ['sim_decline_late_approve', 'sim_challenge_late']) {
      const paymentMethods = new Map([[paymentId, new Set([earlier, paymentMethod])]]);
      expect(await problemsAtEnd(failedPayments, { ...run, paymentMethods })).toBe('');
    }
  });

  it('reports a capture after the payment had failed', async () => {
    const run = withCharge(compensated.paymentId, { ...captured, refunded: 5_000 });

    expect(await problemsAtEnd(failedPayments, run)).toContain(
      'was captured, although it had failed',
    );
  });
});
