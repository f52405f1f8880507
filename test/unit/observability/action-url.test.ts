import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { operatorTimelineBody } from '../../../functions/get-operator-timeline/body.ts';
import { reviewEvidenceBody } from '../../../functions/get-review/body.ts';
import { eventOfChange } from '../../../shared/domain/outbox/outbox-event.ts';
import type { Payment } from '../../../shared/domain/payments/payment.ts';
import { inquiryEventOf } from '../../../shared/domain/payments/payment-events.ts';
import { timings } from '../../../shared/domain/timings.ts';
import type { RequiresAction } from '../../../shared/gateway/payment-gateway.ts';
import { paymentBody } from '../../../shared/http/payment-body.ts';
import { logger } from '../../../shared/observability/logger.ts';
import { aPayment } from '../../support/builders/builders.ts';
import { afterTransitions } from '../../support/builders/payment-history.ts';
import { createChargerHarness } from '../functions/charge-payment/harness.ts';
import {
  aWaitingPayment,
  claimedPayment,
  createInquiryHarness,
  later,
} from '../functions/inquire-payment/harness.ts';

// Other tests suppress the log; this one reads it.
vi.hoisted(() => {
  vi.stubEnv('POWERTOOLS_LOG_LEVEL', 'INFO');
});
afterAll(() => {
  vi.unstubAllEnvs();
});

const url = 'https://bank.example/challenge?secret=7f3c';
const challenge: RequiresAction = { outcome: 'requires-action', url, transactionId: 'tx' };
let output = '';

beforeEach(() => {
  output = '';
  const capture = (chunk: unknown) => {
    output += `${chunk}`;

    return true;
  };
  vi.spyOn(process.stdout, 'write').mockImplementation(capture);
  vi.spyOn(process.stderr, 'write').mockImplementation(capture);
});
afterEach(() => {
  vi.restoreAllMocks();
});

const waiting = (): Payment => {
  const payment = aWaitingPayment();

  return { ...payment, action: { url, expiresAt: `${payment.action?.expiresAt}` } };
};
const reviewed = () => afterTransitions(waiting(), 'reviewOpened');
const noRecords = { compensations: [], refunds: [] };
const operatorView = (payment: Payment) =>
  operatorTimelineBody(
    payment,
    noRecords,
    { effects: [], derivedEvents: [], pendingDeliveries: [], reviews: [] },
    timings.local,
  );
const reviewOf = (payment: Payment) =>
  reviewEvidenceBody(
    {
      ...{ reviewId: 'rev_1', kind: 'payment', status: 'OPEN', code: 'pg-mismatch', audit: [] },
      ...{ paymentId: 'pay_1', orderId: 'ord_1', userId: 'alice', version: payment.version },
      ...{ amountAtRisk: 1, currency: 'KRW', openedAt: later(0).toISOString() },
    },
    { payment, order: undefined, compensations: [], refunds: [], decisions: [] },
  );

describe("the address of the gateway's page for the buyer", () => {
  it.each<[string, () => unknown]>([
    [
      'the event of the wait',
      () => eventOfChange({ of: 'payment', before: claimedPayment(), after: waiting() }),
    ],
    [
      'the event after it',
      () => eventOfChange({ of: 'payment', before: waiting(), after: reviewed() }),
    ],
    ['the event of an inquiry', () => inquiryEventOf(waiting())],
    ["the buyer's payment without its next action", () => paymentBody(waiting())],
    ["an operator's timeline", () => operatorView(waiting())],
    ["an operator's timeline later", () => operatorView(reviewed())],
    ['a review of the waiting payment', () => reviewOf(waiting())],
    ['a review', () => reviewOf(reviewed())],
  ])('is not in %s', (_where, view) => {
    expect(JSON.stringify(view())).toMatch(/REQUIRES_ACTION|paymentId/);
    expect(JSON.stringify(view())).not.toContain(url);
  });

  it('is neither logged nor kept as evidence if the answer comes too late', async () => {
    const { world, charge } = createChargerHarness(aPayment(), challenge);
    world.whileCharging = () => {
      if (world.stored) world.stored = afterTransitions(world.stored, 'outcomeUnknown');
    };
    await charge();
    logger.info('the test reads the log');

    expect(output).toContain('the test reads the log');
    expect(output).toContain('outcome not recorded');
    expect(world.evidence).toHaveLength(1);
    expect(`${output}${JSON.stringify(world)}`).not.toContain(url);
  });

  it('is not kept when the wait is over', async () => {
    const { world, inquire } = createInquiryHarness(waiting(), {
      inquiries: [challenge, challenge],
    });
    world.now = later(timings.local.actionExpiryMs);
    await inquire().catch((error) => logger.warn('message failed', error));

    expect(world.stored.status).toBe('UNKNOWN');
    expect(`${output}${JSON.stringify(world.stored)}`).not.toContain(url);
  });
});
