import { GetQueueAttributesCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import type { ApiClient } from '../../../../dev/local/api-client.ts';
import type { OperatorApi } from '../../../../dev/ops/operator-api.ts';
import { checkRedrive } from '../../../../dev/smoke/check-redrive.ts';
import type { SmokeStage } from '../../../../dev/smoke/stages.ts';
import { aPayment } from '../../../support/builders/builders.ts';
import { afterTransitions } from '../../../support/builders/payment-history.ts';
import { MemoryDynamo } from '../../../support/fakes/memory-dynamo.ts';

const sqs = mockClient(SQSClient);
const stage = {
  client: { region: 'us-east-1' },
  tables: { payments: 'Payments' },
  queues: { 'add-loyalty-points': { url: 'https://queue', deadLettersUrl: 'https://dead' } },
} as unknown as SmokeStage;

/** A stage whose redrive has this outcome, and then these points. */
const check = (outcome: string, pointsAfter = 25) => {
  const tables = new MemoryDynamo({ Payments: ['paymentId'] });
  const payment = afterTransitions(aPayment({}), 'claimed', 'captured');
  tables.put('Payments', payment);
  let reads = 0;
  const operator = {
    payment: async () => ({ pendingActions: [] }),
    redrive: async ({ dryRun }: { dryRun: boolean }) => ({
      dryRun,
      items: dryRun ? [] : [{ outcome }],
    }),
  } as unknown as OperatorApi;
  const client = {
    points: async () => {
      reads += 1;

      return reads === 1 ? 25 : pointsAfter;
    },
  } as unknown as ApiClient;

  return checkRedrive(stage, { operator, client, db: tables.client }, payment.paymentId);
};

beforeEach(() => {
  sqs.reset();
  sqs.on(SendMessageCommand).resolves({});
  sqs.on(GetQueueAttributesCommand).resolves({ Attributes: {} });
});

describe('the redrive of the smoke test', () => {
  it('passes if the letter is redriven and the points stay', async () => {
    expect(await check('redriven')).toBe(
      'a dead letter of add-loyalty-points is redriven, without a second effect: 25 points',
    );
  });

  it.each([
    [
      'the letter is skipped',
      'skipped',
      25,
      /The dead letter of add-loyalty-points for pay_\w+ was skipped/,
    ],
    ['the points change', 'redriven', 50, /The redrive left 0 letters and 50 points of 25/],
  ])('fails if %s', async (_what, outcome, points, sentence) => {
    await expect(check(outcome, points)).rejects.toThrow(sentence);
  });

  it('says that it redrives nothing if the policy of the queue denies the letter', async () => {
    const denied = Object.assign(new Error('no'), { name: 'AccessDenied' });
    sqs.on(SendMessageCommand).rejects(denied);

    expect(await check('redriven')).toBe(
      'no dead letter is redriven: the queue policy lets only the service send to the dead letters of add-loyalty-points',
    );
  });
});
