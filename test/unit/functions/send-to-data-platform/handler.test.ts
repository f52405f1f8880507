import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sendToDataPlatform } from '../../../../functions/send-to-data-platform/handler.ts';
import { envelope } from '../../../../shared/domain/events/domain-event.ts';
import { postWithin } from '../../../../shared/lambda/http-delivery.ts';
import { aCompletion, aRefund } from '../../../support/builders/consumer-events.ts';
import { aReceiver } from '../../../support/fakes/http-receiver.ts';
import { deliveriesInMemory } from '../../../support/fakes/memory-deliveries.ts';

let platform: Awaited<ReturnType<typeof aReceiver>>;
let status: number;

beforeEach(async () => {
  status = 200;
  platform = await aReceiver((_, response) => response.writeHead(status).end());
});

afterEach(() => platform.close());

const aSender = () =>
  sendToDataPlatform({
    deliveries: deliveriesInMemory(),
    post: postWithin(30_000),
    url: platform.url,
  });

describe('the data platform', () => {
  it.each([aCompletion(), aRefund()])('gets $name as it is, under its own id', async (event) => {
    const done = await aSender()(event);

    expect(done).toEqual({ outcome: 'delivered' });
    const [{ headers, body } = { headers: {}, body: '' }] = platform.received;
    expect(headers).toMatchObject({
      'content-type': 'application/cloudevents+json',
      'idempotency-key': event.id,
    });
    expect(envelope(event.name).parse(JSON.parse(body))).toMatchObject({
      id: event.id,
      data: event.data,
    });
  });

  it('gets an event once, however often it comes', async () => {
    const send = aSender();
    const event = aCompletion();

    await send(event);

    expect(await send(event)).toMatchObject({ outcome: 'delivered before' });
    expect(platform.received).toHaveLength(1);
  });

  it('gets an event that it failed to take again, under the same id', async () => {
    const send = aSender();
    const event = aCompletion();
    status = 500;

    await expect(send(event)).rejects.toThrow('answered 500');
    status = 200;
    await send(event);

    const keys = platform.received.map(({ headers }) => headers['idempotency-key']);
    expect(keys).toEqual([event.id, event.id]);
  });
});
