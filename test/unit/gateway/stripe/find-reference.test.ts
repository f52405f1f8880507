import { describe, expect, it } from 'vitest';
import { sendHttp } from '../../../../shared/gateway/http-exchange.ts';
import { createStripeGateway } from '../../../../shared/gateway/stripe/adapter.ts';
import { createStripeReferenceFinder } from '../../../../shared/gateway/stripe/find-reference.ts';
import { charge, createStripeHarness, secretKey, timeoutMs } from './harness.ts';

describe('Stripe reference finder', () => {
  it('finds our reference by the id of an intent, undefined if there is none', async () => {
    const { timers, close, url } = await createStripeHarness();
    const options = { url, secretKey, timeoutMs, timers, exchange: sendHttp };
    const made = await createStripeGateway(options).charge(charge);
    const transactionId = made.outcome === 'approved' ? made.transactionId : '';
    const referenceOf = createStripeReferenceFinder(options);

    expect(await referenceOf(transactionId)).toBe('pay-1');
    expect(await referenceOf('pi_other')).toBeUndefined();
    await close();
    await expect(referenceOf(transactionId)).rejects.toThrow('resolve the charge of a webhook');
  });
});
