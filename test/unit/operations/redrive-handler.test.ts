import type { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { beforeEach, describe, expect, it } from 'vitest';
import { redriveDeadLetters } from '../../../functions/redrive-dead-letters/handler.ts';
import { toldAgain } from '../../../shared/domain/changes.ts';
import { httpHandler } from '../../../shared/http/boundary.ts';
import { operatorScope } from '../../../shared/http/routes.ts';
import type { Order } from '../../../shared/operations/redrive.ts';
import { publisher } from '../../../shared/runtime/bus.ts';
import { aPayment } from '../../support/builders.ts';
import { call } from '../http/call.ts';

const ordered: Order[] = [];
const redrive = async (order: Order) => {
  ordered.push(order);

  return [];
};
const handler = httpHandler(redriveDeadLetters({ consumers: ['update-ranking'], redrive }));

const ask = (body: object, scope: string | undefined = operatorScope, by = handler) =>
  call(by, {
    method: 'POST',
    path: '/operator/dead-letters/redrive',
    buyer: 'olivia',
    scope,
    body: { consumer: 'update-ranking', action: 'send-again', reason: 'mended', ...body },
  });

beforeEach(() => {
  ordered.length = 0;
});

describe('an order about dead letters', () => {
  it('is a dry run, of ten at most and ten a second, and names who gave it and why', async () => {
    expect(await ask({})).toMatchObject({ status: 200, body: { dryRun: true, items: [] } });

    expect(ordered).toEqual([
      {
        ...{ action: 'send-again', consumer: 'update-ranking', isDryRun: true },
        ...{ most: 10, perSecond: 10, who: 'olivia', why: 'mended' },
      },
    ]);
  });

  it.each<[string, object, string]>([
    ['of a queue that there is not', { consumer: 'nobody' }, '/consumer'],
    [
      'that would take longer than its function lives',
      { dryRun: false, most: 100, perSecond: 4 },
      '/most',
    ],
    ['without a reason', { reason: '' }, '/reason'],
  ])('%s is refused, and nothing is done', async (_which, body, pointer) => {
    expect(await ask(body)).toMatchObject({ status: 400, body: { errors: [{ pointer }] } });

    expect(ordered).toEqual([]);
  });

  it('is answered with a 503 where the bus takes nothing', async () => {
    const bus = {
      send: async () => ({ FailedEntryCount: 1, Entries: [{ ErrorCode: 'Throttled' }] }),
    };
    const publish = publisher(bus as unknown as EventBridgeClient, 'bus');
    const refused = httpHandler(
      redriveDeadLetters({
        consumers: ['update-ranking'],
        redrive: async () => {
          await publish(toldAgain(aPayment(), 'PaymentReserved'));

          return [];
        },
      }),
    );

    expect(await ask({}, operatorScope, refused)).toMatchObject({
      status: 503,
      headers: { 'retry-after': '1' },
      body: { code: 'temporarily-unavailable' },
    });
  });

  it('is for operators alone', async () => {
    expect(await ask({}, 'aftercommit/buyer')).toMatchObject({ status: 403 });

    expect(ordered).toEqual([]);
  });
});
