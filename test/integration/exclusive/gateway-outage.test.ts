import { describe, expect, it } from 'vitest';
import type { Payment } from '../../../shared/domain/payments/payment.ts';
import { timings } from '../../../shared/domain/timings.ts';
import { eventually } from '../../support/eventually.ts';
import { api } from '../../support/stack/api-client.ts';
import { pg } from '../../support/stack/external-systems.ts';
import { deadLetterQueueUrls, expectNoMessage } from '../../support/stack/queues.ts';
import { storedPayment } from '../../support/stack/repositories.ts';
import { anOrder } from '../../support/stack/stack-fixtures.ts';
import { waitForStatus } from '../../support/stack/wait-for-status.ts';

/** Longer on request, as a real outage. */
const outageMs = 1_000 * Number(process.env.AFTERCOMMIT_OUTAGE_SECONDS ?? 12);

/** Concurrent chargers of the local stack, each with a batch of ten. */
const chargers = 4;

const statesOf = ({ history }: Payment) => history.map(({ to }) => to);

describe('a gateway that refuses connections', () => {
  it('delays fifty payments and completes each with one capture after it returns', {
    timeout: 120_000 + outageMs,
  }, async () => {
    const orders = await Promise.all(Array.from({ length: 50 }, () => anOrder()));
    const began = performance.now();

    const waiting = await pg.whileDown(async () => {
      const accepted = await Promise.all(orders.map((order) => api.accepted(order)));
      await eventually(async () => expect(performance.now() - began).toBeGreaterThan(outageMs), {
        timeoutMs: outageMs,
      });

      return Promise.all(accepted.map(({ paymentId }) => storedPayment(paymentId)));
    });
    const lastedMs = performance.now() - began;
    const ids = waiting.map(({ paymentId }) => paymentId);
    const paid = await Promise.all(ids.map((paymentId) => waitForStatus(paymentId, 'COMPLETED')));

    expect(new Set(waiting.flatMap(statesOf))).toEqual(new Set(['RESERVED', 'CHARGING']));
    expect(new Set(paid.flatMap(statesOf))).toEqual(new Set(['RESERVED', 'CHARGING', 'COMPLETED']));
    const refusals = waiting.flatMap(statesOf).filter((state) => state === 'CHARGING');
    const maxPerCharger = 10 + lastedMs / timings.local.circuitOpenMs;
    expect(refusals.length).toBeGreaterThan(0);
    expect(refusals.length).toBeLessThanOrEqual(chargers * maxPerCharger);
    for (const { paymentId } of paid) {
      expect(await pg.chargesOf(paymentId)).toMatchObject({ counts: { requests: 1, charges: 1 } });
    }
    for (const queueUrl of (await deadLetterQueueUrls()).values())
      await expectNoMessage(queueUrl, ...ids);
  });
});
