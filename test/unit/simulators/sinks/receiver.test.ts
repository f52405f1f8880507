import { describe, expect, it } from 'vitest';
import { createManualTimers } from '../../../../shared/gateway/conformance/manual-timers.ts';
import { createMemoryStore } from '../../../../shared/simulators/document-store.ts';
import { createReceiver } from '../../../../shared/simulators/sinks/receiver.ts';
import { createPlainClient, toComparable } from '../../../support/fakes/plain-http-client.ts';

const aReceiver = () => {
  const timers = createManualTimers();
  const client = createPlainClient(
    createReceiver({ deliveries: createMemoryStore(), rules: createMemoryStore(), clock: timers }),
  );

  return {
    timers,
    client,
    deliver: async (eventId: string, headers: Record<string, string> = {}) =>
      toComparable(
        await client.post('/', { id: eventId }, { 'idempotency-key': eventId, ...headers }),
      ),
    behave: async (behaviour: object) => toComparable(await client.put('/behaviour', behaviour)),
    received: async (query = '') => toComparable(await client.get(`/received${query}`)),
  };
};

const failed = expect.objectContaining({ status: 500 });
const accepted = expect.objectContaining({ status: 200 });

describe('delivery receiver', () => {
  it('counts a repeated event as one effect and one duplicate', async () => {
    const { deliver, received } = aReceiver();

    const responses = [await deliver('p-1-4'), await deliver('p-1-4')];

    expect(responses).toEqual([accepted, accepted]);
    expect(await received()).toMatchObject({
      body: {
        counts: { attempts: 2, accepted: 1, duplicates: 1 },
        deliveries: [
          { eventId: 'p-1-4', paymentId: 'p-1', responseStatuses: [200, 200], accepted: true },
        ],
      },
    });
  });

  it('counts ten concurrent deliveries of one event as one effect', async () => {
    const { deliver, received } = aReceiver();

    await Promise.all(Array.from({ length: 10 }, () => deliver('p-1-4')));

    expect(await received()).toMatchObject({
      body: { counts: { attempts: 10, accepted: 1, duplicates: 9 } },
    });
  });

  it('stores the raw body and only the headers about it', async () => {
    const { deliver, received } = aReceiver();

    await deliver('p-1-4', { 'webhook-signature': 'v1,abc', authorization: 'Bearer secret' });

    expect(await received()).toMatchObject({
      body: {
        deliveries: [
          {
            headers: { 'idempotency-key': 'p-1-4', 'webhook-signature': 'v1,abc' },
            rawBody: '{"id":"p-1-4"}',
            body: { id: 'p-1-4' },
          },
        ],
      },
    });
    expect(JSON.stringify(await received())).not.toContain('secret');
  });

  it.each([
    ['Idempotency-Key', { 'idempotency-key': 'e-1' }, {}],
    ['webhook-id', { 'webhook-id': 'e-1' }, {}],
    ['id in the body', {}, { id: 'e-1' }],
  ])('identifies an event by its %s', async (_what, headers, body) => {
    const { client, received } = aReceiver();

    await client.post('/', body, headers);

    expect(await received('?eventId=e-1')).toMatchObject({ body: { counts: { accepted: 1 } } });
  });

  it('rejects a delivery without an id', async () => {
    const { client } = aReceiver();

    expect(toComparable(await client.post('/', {}))).toMatchObject({ status: 400 });
  });

  it('finds the payment in the body or in the event id', async () => {
    const { client, deliver, received } = aReceiver();
    await deliver('p-1-4');
    await client.post('/', { id: 'e-2', subject: 'p-2' });
    await client.post('/', { id: 'e-3', data: { paymentId: 'p-3' }, subject: 'order-9' });

    for (const paymentId of ['p-1', 'p-2', 'p-3']) {
      expect(await received(`?paymentId=${paymentId}`)).toMatchObject({
        body: { deliveries: [{ paymentId }] },
      });
    }
  });

  it('fails the configured number of times and accepts the next attempt', async () => {
    const { deliver, behave, received } = aReceiver();
    await behave({ status: 500, times: 2 });

    const responses = [await deliver('p-1-4'), await deliver('p-1-4'), await deliver('p-1-4')];

    expect(responses).toEqual([failed, failed, accepted]);
    expect(await received()).toMatchObject({
      body: { deliveries: [{ responseStatuses: [500, 500, 200], accepted: true, duplicates: 0 }] },
    });
  });

  it.each([
    ['payment', { paymentIds: ['p-1'] }],
    ['event', { eventIds: ['p-1-4'] }],
  ])('fails for one %s and accepts the others', async (_what, target) => {
    const { deliver, behave } = aReceiver();
    await behave({ status: 500, ...target });

    expect([await deliver('p-1-4'), await deliver('p-2-4')]).toEqual([failed, accepted]);
  });

  it('counts attempts per payment', async () => {
    const { deliver, behave } = aReceiver();
    await behave({ status: 500, times: 1, paymentIds: ['p-1', 'p-2'] });

    const responses = [await deliver('p-1-4'), await deliver('p-2-4'), await deliver('p-1-4')];

    expect(responses).toEqual([failed, failed, accepted]);
  });

  it('resets one payment, then all', async () => {
    const { deliver, behave } = aReceiver();
    await behave({ status: 500, paymentIds: ['p-1', 'p-2'] });

    await behave({ paymentIds: ['p-1'] });
    const afterOne = [await deliver('p-1-4'), await deliver('p-2-4')];
    await behave({});
    const afterAll = await deliver('p-2-4');

    expect(afterOne).toEqual([accepted, failed]);
    expect(afterAll).toEqual(accepted);
  });

  it('delays the response to an accepted delivery', async () => {
    const { deliver, behave, received } = aReceiver();
    await behave({ delayMs: 3_000 });

    expect(await deliver('p-1-4')).toMatchObject({ status: 200, afterMs: 3_000 });
    expect(await received()).toMatchObject({ body: { counts: { accepted: 1 } } });
  });

  it('rejects an unknown behaviour', async () => {
    const { behave } = aReceiver();

    expect(await behave({ statsu: 500 })).toMatchObject({ status: 400 });
  });
});
