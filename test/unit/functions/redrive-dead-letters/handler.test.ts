import type { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { beforeEach, describe, expect, it } from 'vitest';
import { listDeadLetters } from '../../../../functions/list-dead-letters/handler.ts';
import { redriveDeadLetters } from '../../../../functions/redrive-dead-letters/handler.ts';
import type { RedriveRequest } from '../../../../shared/application/dead-letters/redrive.ts';
import { replayPaymentEvent } from '../../../../shared/domain/payments/payment-events.ts';
import { httpHandler } from '../../../../shared/http/http-handler.ts';
import { operatorScope } from '../../../../shared/http/routes.ts';
import { createEventPublisher } from '../../../../shared/lambda/event-publisher.ts';
import { aPayment } from '../../../support/builders/builders.ts';
import { call } from '../../../support/harness/invoke-handler.ts';

const redriveRequests: RedriveRequest[] = [];
const redrive = async (request: RedriveRequest) => {
  redriveRequests.push(request);

  return [];
};
const handler = httpHandler(redriveDeadLetters({ consumers: ['update-ranking'], redrive }));

const send = (body: object, scope: string | undefined = operatorScope, by = handler) =>
  call(by, {
    method: 'POST',
    path: '/operator/dead-letters/redrive',
    buyer: 'olivia',
    scope,
    body: {
      consumer: 'update-ranking',
      action: 'redrive',
      reason: 'fixed: the grant is back',
      ...body,
    },
  });

beforeEach(() => {
  redriveRequests.length = 0;
});

describe('redrive dead letters', () => {
  it('defaults to a dry run of ten at ten per second, with operator and reason', async () => {
    expect(await send({})).toMatchObject({ status: 200, body: { dryRun: true, items: [] } });

    expect(redriveRequests).toEqual([
      {
        ...{ action: 'redrive', consumer: 'update-ranking', isDryRun: true },
        ...{ limit: 10, ratePerSecond: 10, reason: 'fixed: the grant is back' },
        operator: { sub: 'olivia', name: 'olivia@operators.example', scope: operatorScope },
      },
    ]);
  });

  it.each<[string, object, string]>([
    ['for an unknown queue', { consumer: 'unknown' }, '/consumer'],
    [
      'that takes longer than the function timeout',
      { dryRun: false, limit: 100, ratePerSecond: 4 },
      '/limit',
    ],
    ['without a reason', { reason: '' }, '/reason'],
    ['with a blank reason', { reason: ' \n\t' }, '/reason'],
    ['with a reason of nine characters', { reason: ' too short ' }, '/reason'],
  ])('rejects a request %s and changes nothing', async (_which, body, pointer) => {
    expect(await send(body)).toMatchObject({ status: 400, body: { errors: [{ pointer }] } });

    expect(redriveRequests).toEqual([]);
  });

  it('stores the reason without surrounding space', async () => {
    await send({ reason: ' fixed by omar\n' });

    expect(redriveRequests).toMatchObject([{ reason: 'fixed by omar' }]);
  });

  it('answers 503 if the bus accepts nothing', async () => {
    const bus = {
      send: async () => ({ FailedEntryCount: 1, Entries: [{ ErrorCode: 'Throttled' }] }),
    };
    const publish = createEventPublisher(bus as unknown as EventBridgeClient, 'bus');
    const refused = httpHandler(
      redriveDeadLetters({
        consumers: ['update-ranking'],
        redrive: async () => {
          await publish(replayPaymentEvent(aPayment(), 'PaymentReserved'));

          return [];
        },
      }),
    );

    expect(await send({}, operatorScope, refused)).toMatchObject({
      status: 503,
      headers: { 'retry-after': '1' },
      body: { code: 'temporarily-unavailable' },
    });
  });

  it('rejects a caller who is not an operator', async () => {
    expect(await send({}, 'aftercommit/buyer')).toMatchObject({ status: 403 });

    expect(redriveRequests).toEqual([]);
  });
});

describe('list dead letters', () => {
  const inspections: unknown[] = [];
  const look = httpHandler(
    listDeadLetters({
      service: {
        consumers: ['update-ranking', 'notify-buyer'],
        inspectQueues: async (...given) => {
          inspections.push(given);

          return [];
        },
      },
    }),
  );
  const get = (query: Readonly<Record<string, string>>) =>
    call(look, {
      method: 'GET',
      path: '/operator/dead-letters',
      buyer: 'olivia',
      scope: operatorScope,
      query,
    });

  beforeEach(() => {
    inspections.length = 0;
  });

  it.each<[Readonly<Record<string, string>>, unknown[]]>([
    [{}, [5, undefined]],
    [{ sample: '20', consumer: 'notify-buyer' }, [20, 'notify-buyer']],
  ])('accepts %j', async (query, given) => {
    expect(await get(query)).toMatchObject({ status: 200 });
    expect(inspections).toEqual([given]);
  });

  it.each(['notify-buyers', '', 'constructor'])(
    'rejects the unknown queue %j and names the queues',
    async (consumer) => {
      expect(await get({ consumer })).toMatchObject({
        status: 400,
        body: {
          code: 'invalid-request',
          errors: [
            { parameter: 'consumer', detail: 'Must be one of update-ranking, notify-buyer.' },
          ],
        },
      });
      expect(inspections).toEqual([]);
    },
  );

  it.each(['', ' ', '0', '21', '1e1', '0x5', '5.0', '-1', 'true', ' 5'])(
    'rejects a sample of %j',
    async (sample) => {
      expect(await get({ sample })).toMatchObject({
        status: 400,
        body: { errors: [{ parameter: 'sample', detail: 'Must be an integer from 1 to 20.' }] },
      });
      expect(inspections).toEqual([]);
    },
  );
});
