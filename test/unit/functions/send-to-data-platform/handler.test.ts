import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sendToDataPlatform } from '../../../../functions/send-to-data-platform/handler.ts';
import { systemTimers } from '../../../../shared/config/system-clock.ts';
import { envelopeSchema } from '../../../../shared/domain/events/domain-event.ts';
import { postWithDeadline } from '../../../../shared/lambda/http-delivery.ts';
import {
  aPaymentCompletedEvent,
  aRefundCompletedEvent,
} from '../../../support/builders/consumer-events.ts';
import { startHttpReceiver } from '../../../support/fakes/http-receiver.ts';
import { createMemoryDeliveries } from '../../../support/fakes/memory-deliveries.ts';

let platform: Awaited<ReturnType<typeof startHttpReceiver>>;
let status: number;

beforeEach(async () => {
  status = 200;
  platform = await startHttpReceiver((_, response) => response.writeHead(status).end());
});

afterEach(() => platform.close());

const aSender = () =>
  sendToDataPlatform({
    deliveries: createMemoryDeliveries(),
    post: postWithDeadline(30_000, systemTimers),
    url: platform.url,
  });

describe('send to data platform', () => {
  it.each([aPaymentCompletedEvent(), aRefundCompletedEvent()])(
    'posts $name unchanged with its id as idempotency key',
    async (event) => {
      const done = await aSender()(event);

      expect(done).toEqual({ outcome: 'delivered' });
      const [{ headers, body } = { headers: {}, body: '' }] = platform.received;
      expect(headers).toMatchObject({
        'content-type': 'application/cloudevents+json',
        'idempotency-key': event.id,
      });
      expect(envelopeSchema(event.name).parse(JSON.parse(body))).toMatchObject({
        id: event.id,
        data: event.data,
      });
    },
  );

  it('posts an event once for any number of deliveries', async () => {
    const send = aSender();
    const event = aPaymentCompletedEvent();

    await send(event);

    expect(await send(event)).toMatchObject({ outcome: 'duplicate' });
    expect(platform.received).toHaveLength(1);
  });

  it('retries a failed event with the same id', async () => {
    const send = aSender();
    const event = aPaymentCompletedEvent();
    status = 500;

    await expect(send(event)).rejects.toThrow('responded 500');
    status = 200;
    await send(event);

    const keys = platform.received.map(({ headers }) => headers['idempotency-key']);
    expect(keys).toEqual([event.id, event.id]);
  });
});
