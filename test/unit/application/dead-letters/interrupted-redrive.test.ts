import { ReceiveMessageCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from 'vitest';
import { isTransientError } from '../../../../shared/config/transient-errors.ts';
import { ServiceUnavailableError } from '../../../../shared/domain/errors.ts';
import { replayPaymentEvent } from '../../../../shared/domain/payments/payment-events.ts';
import { later } from '../../../support/builders/refund-generators.ts';
import { createDeadLetterHarness, stored, toMessageBody } from './harness.ts';

const reserved = toMessageBody(replayPaymentEvent(stored.reserved, 'PaymentReserved'));
const failed = toMessageBody(replayPaymentEvent(stored.failed, 'PaymentFailed'));
const unreachable: Error = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
const denied = Object.assign(new Error('not authorized'), { name: 'AccessDeniedException' });

/** A desk one of whose calls fails for the first so many times after some have gone well. */
const createFaultyHarness = (
  fails: (call: string, of: unknown) => boolean,
  { error = unreachable, after = 0, times = Number.POSITIVE_INFINITY } = {},
) => {
  let met = 0;

  return createDeadLetterHarness(later(120), (call, of) => {
    if (!fails(call, of)) return;
    met += 1;
    if (met > after && met <= after + times) throw error;
  });
};

const publishing = (call: string) => call === 'publish';
const auditing = (_call: string, of: unknown) => of instanceof PutCommand;
const reading = (_call: string, of: unknown) => of instanceof GetCommand;
const receiving = (_call: string, of: unknown) => of instanceof ReceiveMessageCommand;
const sending = (_call: string, of: unknown) => of instanceof SendMessageCommand;

const isTemporary = (error: unknown) =>
  error instanceof ServiceUnavailableError || isTransientError(error);

const thrownBy = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );

describe('an order about dead letters that is interrupted', () => {
  it.each([
    ['the bus cannot be reached', publishing, unreachable],
    ['the bus may not be used', publishing, denied],
    ['the audit cannot be kept', auditing, unreachable],
    ['a payment cannot be read', reading, unreachable],
  ])(
    'leaves no letter in hand where %s, and says that it is temporary',
    async (_what, fails, error) => {
      const harness = createFaultyHarness(fails, { error });
      const letters = [reserved, failed, failed].map((body) =>
        harness.put('compensation-undelivered', body),
      );

      const thrown = await thrownBy(
        harness.decide('compensation-undelivered', { isDryRun: false }),
      );

      expect(isTemporary(thrown)).toBe(true);
      expect(harness.lying('compensation-undelivered')).toEqual(letters);
      expect(harness.told).toEqual([]);
    },
  );

  it('may be given again: what was done is done, and the rest is done then', async () => {
    const harness = createFaultyHarness(publishing, { after: 1, times: 1 });
    const [, second] = [failed, failed].map((body) =>
      harness.put('compensation-undelivered', body),
    );
    const order = { isDryRun: false };

    const thrown = await thrownBy(harness.decide('compensation-undelivered', order));
    const left = harness.lying('compensation-undelivered');
    const again = await harness.decide('compensation-undelivered', order);

    expect(thrown).toBeInstanceOf(ServiceUnavailableError);
    expect(left).toEqual([second]);
    expect(again.map(({ messageId, outcome }) => [messageId, outcome])).toEqual([
      [second, 'redriven'],
    ]);
    expect(harness.lying('compensation-undelivered')).toEqual([]);
    expect(harness.told.map(({ id }) => id)).toEqual(['pay_failed-3', 'pay_failed-3']);
  });

  it('lays back a letter whose queue did not take it', async () => {
    const harness = createFaultyHarness(sending);
    const letter = harness.put('charge-payment', reserved);

    const thrown = await thrownBy(harness.decide('charge-payment', { isDryRun: false }));

    expect(isTemporary(thrown)).toBe(true);
    expect(harness.lying('charge-payment')).toEqual([letter]);
  });

  it('lays back what was received before a receive that failed', async () => {
    const harness = createFaultyHarness(receiving, { after: 1 });
    const letter = harness.put('charge-payment', reserved);

    expect(await thrownBy(harness.decide('charge-payment'))).toBe(unreachable);
    expect(harness.lying('charge-payment')).toEqual([letter]);
  });
});

describe('a look at dead letters that is interrupted', () => {
  it.each([
    ['a payment cannot be read', reading, 0],
    ['a receive fails', receiving, 1],
  ])('leaves no letter in hand where %s', async (_what, fails, after) => {
    const harness = createFaultyHarness(fails, { after });
    const letter = harness.put('charge-payment', reserved);

    expect(await thrownBy(harness.survey(10, 'charge-payment'))).toBe(unreachable);
    expect(harness.lying('charge-payment')).toEqual([letter]);
  });
});
