import { ReceiveMessageCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from 'vitest';
import { isOutage } from '../../../../shared/config/transient-errors.ts';
import { Outage } from '../../../../shared/domain/errors.ts';
import { toldAgain } from '../../../../shared/domain/payments/payment-events.ts';
import { later } from '../../../support/builders/refund-generators.ts';
import { aDesk, bodyOf, stored } from './harness.ts';

const reserved = bodyOf(toldAgain(stored.reserved, 'PaymentReserved'));
const failed = bodyOf(toldAgain(stored.failed, 'PaymentFailed'));
const unreachable: Error = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
const denied = Object.assign(new Error('not authorized'), { name: 'AccessDeniedException' });

/** A desk one of whose calls fails for the first so many times after some have gone well. */
const aDeskThat = (
  fails: (call: string, of: unknown) => boolean,
  { error = unreachable, after = 0, times = Number.POSITIVE_INFINITY } = {},
) => {
  let met = 0;

  return aDesk(later(120), (call, of) => {
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

const isTemporary = (error: unknown) => error instanceof Outage || isOutage(error);

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
      const desk = aDeskThat(fails, { error });
      const letters = [reserved, failed, failed].map((body) =>
        desk.put('compensation-undelivered', body),
      );

      const thrown = await thrownBy(desk.decide('compensation-undelivered', { isDryRun: false }));

      expect(isTemporary(thrown)).toBe(true);
      expect(desk.lying('compensation-undelivered')).toEqual(letters);
      expect(desk.told).toEqual([]);
    },
  );

  it('may be given again: what was done is done, and the rest is done then', async () => {
    const desk = aDeskThat(publishing, { after: 1, times: 1 });
    const [, second] = [failed, failed].map((body) => desk.put('compensation-undelivered', body));
    const order = { isDryRun: false };

    const thrown = await thrownBy(desk.decide('compensation-undelivered', order));
    const left = desk.lying('compensation-undelivered');
    const again = await desk.decide('compensation-undelivered', order);

    expect(thrown).toBeInstanceOf(Outage);
    expect(left).toEqual([second]);
    expect(again.map(({ messageId, outcome }) => [messageId, outcome])).toEqual([
      [second, 'sent again'],
    ]);
    expect(desk.lying('compensation-undelivered')).toEqual([]);
    expect(desk.told.map(({ id }) => id)).toEqual(['pay_failed-3', 'pay_failed-3']);
  });

  it('lays back a letter whose queue did not take it', async () => {
    const desk = aDeskThat(sending);
    const letter = desk.put('charge-payment', reserved);

    const thrown = await thrownBy(desk.decide('charge-payment', { isDryRun: false }));

    expect(isTemporary(thrown)).toBe(true);
    expect(desk.lying('charge-payment')).toEqual([letter]);
  });

  it('lays back what was received before a receive that failed', async () => {
    const desk = aDeskThat(receiving, { after: 1 });
    const letter = desk.put('charge-payment', reserved);

    expect(await thrownBy(desk.decide('charge-payment'))).toBe(unreachable);
    expect(desk.lying('charge-payment')).toEqual([letter]);
  });
});

describe('a look at dead letters that is interrupted', () => {
  it.each([
    ['a payment cannot be read', reading, 0],
    ['a receive fails', receiving, 1],
  ])('leaves no letter in hand where %s', async (_what, fails, after) => {
    const desk = aDeskThat(fails, { after });
    const letter = desk.put('charge-payment', reserved);

    expect(await thrownBy(desk.survey(10, 'charge-payment'))).toBe(unreachable);
    expect(desk.lying('charge-payment')).toEqual([letter]);
  });
});
