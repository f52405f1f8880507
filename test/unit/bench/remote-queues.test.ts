import { afterEach, expect, it, vi } from 'vitest';
import { startAwsEndpoint } from '../../bench/host/aws-endpoint.ts';
import {
  createRemoteQueues,
  type Delivery,
  deliverMessages,
} from '../../bench/host/remote-queues.ts';
import { eventually } from '../../support/eventually.ts';

let endpoint: Awaited<ReturnType<typeof startAwsEndpoint>>;
afterEach(() => endpoint.close());

const failures: string[] = [];
const arrived: Delivery[] = [];

const open = async (take: () => object | Promise<object> = () => ({})) => {
  endpoint = await startAwsEndpoint({
    [deliverMessages]: (delivery) => {
      arrived.push(delivery as unknown as Delivery);

      return take();
    },
  });

  return createRemoteQueues(endpoint.url, (reason) => failures.push(reason));
};

afterEach(() => {
  failures.length = 0;
  arrived.length = 0;
});

it('sends messages of one turn together, and counts them until they have arrived', async () => {
  const { promise, resolve } = Promise.withResolvers<object>();
  const queues = await open(() => promise);

  queues.send('Points', 'a');
  queues.send('Ranking', 'b');

  expect(queues.depth).toBe(2);
  await eventually(async () =>
    expect(arrived).toEqual([
      {
        messages: [
          { queue: 'Points', body: 'a' },
          { queue: 'Ranking', body: 'b' },
        ],
      },
    ]),
  );
  expect(queues.depth).toBe(2);
  resolve({});
  await eventually(async () => expect(queues.depth).toBe(0));
  expect(failures).toEqual([]);
});

it('reports messages that did not arrive', async () => {
  vi.spyOn(console, 'error').mockImplementation(() => {});
  const queues = await open(() => {
    throw new Error('full');
  });

  queues.send('Points', 'a');

  await eventually(async () => expect(failures).toEqual([expect.stringContaining('1 messages')]));
  expect(queues.depth).toBe(0);
});
