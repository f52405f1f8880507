import { ReceiveMessageCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from 'vitest';
import { isTransientError } from '../../../../shared/config/transient-errors.ts';
import { ServiceUnavailableError } from '../../../../shared/domain/errors.ts';
import { later } from '../../../support/builders/refund-generators.ts';
import { createDeadLetterHarness, stored, toPaymentEventBody } from './harness.ts';

const reserved = toPaymentEventBody(stored.reserved, 'PaymentReserved');
const failed = toPaymentEventBody(stored.failed, 'PaymentFailed');
const unreachable: Error = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
const denied = Object.assign(new Error('not authorized'), { name: 'AccessDeniedException' });

/** A harness in which matching calls fail `times` times after `after` successful ones. */
const createFaultyHarness = (
  fails: (call: string, of: unknown) => boolean,
  { error = unreachable, after = 0, times = Number.POSITIVE_INFINITY } = {},
) => {
  let matches = 0;

  return createDeadLetterHarness(later(120), (call, of) => {
    if (!fails(call, of)) return;
    matches += 1;
    if (matches > after && matches <= after + times) throw error;
  });
};

const publishing = (call: string) => call === 'publish';
const auditing = (_call: string, of: unknown) => of instanceof PutCommand;
const reading = (_call: string, of: unknown) => of instanceof GetCommand;
const receiving = (_call: string, of: unknown) => of instanceof ReceiveMessageCommand;
const sending = (_call: string, of: unknown) => of instanceof SendMessageCommand;

const isTemporary = (error: unknown) =>
  error instanceof ServiceUnavailableError || isTransientError(error);

const errorOf = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );

describe('interrupted redrive', () => {
  it.each([
    ['the bus is unreachable', publishing, unreachable],
    ['the bus denies access', publishing, denied],
    ['the audit entry cannot be written', auditing, unreachable],
    ['a payment cannot be read', reading, unreachable],
  ])('returns all messages and throws a temporary error if %s', async (_what, fails, error) => {
    const harness = createFaultyHarness(fails, { error });
    const messageIds = [reserved, failed, failed].map((body) =>
      harness.put('compensation-undelivered', body),
    );

    const thrown = await errorOf(harness.redrive('compensation-undelivered', { isDryRun: false }));

    expect(isTemporary(thrown)).toBe(true);
    expect(harness.visibleIds('compensation-undelivered')).toEqual(messageIds);
    expect(harness.published).toEqual([]);
  });

  it('continues with the remaining messages when the request is repeated', async () => {
    const harness = createFaultyHarness(publishing, { after: 1, times: 1 });
    const [, second] = [failed, failed].map((body) =>
      harness.put('compensation-undelivered', body),
    );
    const request = { isDryRun: false };

    const thrown = await errorOf(harness.redrive('compensation-undelivered', request));
    const left = harness.visibleIds('compensation-undelivered');
    const again = await harness.redrive('compensation-undelivered', request);

    expect(thrown).toBeInstanceOf(ServiceUnavailableError);
    expect(left).toEqual([second]);
    expect(again.map(({ messageId, outcome }) => [messageId, outcome])).toEqual([
      [second, 'redriven'],
    ]);
    expect(harness.visibleIds('compensation-undelivered')).toEqual([]);
    expect(harness.published.map(({ id }) => id)).toEqual(['pay_failed-3', 'pay_failed-3']);
  });

  it('returns a message if its source queue rejects it', async () => {
    const harness = createFaultyHarness(sending);
    const messageId = harness.put('charge-payment', reserved);

    const thrown = await errorOf(harness.redrive('charge-payment', { isDryRun: false }));

    expect(isTemporary(thrown)).toBe(true);
    expect(harness.visibleIds('charge-payment')).toEqual([messageId]);
  });

  it('returns the received messages if a later receive fails', async () => {
    const harness = createFaultyHarness(receiving, { after: 1 });
    const messageId = harness.put('charge-payment', reserved);

    expect(await errorOf(harness.redrive('charge-payment'))).toBe(unreachable);
    expect(harness.visibleIds('charge-payment')).toEqual([messageId]);
  });
});

describe('interrupted inspection', () => {
  it.each([
    ['a payment cannot be read', reading, 0],
    ['a receive fails', receiving, 1],
  ])('returns all messages if %s', async (_what, fails, after) => {
    const harness = createFaultyHarness(fails, { after });
    const messageId = harness.put('charge-payment', reserved);

    expect(await errorOf(harness.inspectQueues(10, 'charge-payment'))).toBe(unreachable);
    expect(harness.visibleIds('charge-payment')).toEqual([messageId]);
  });
});
