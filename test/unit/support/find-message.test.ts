import { expect, it } from 'vitest';
import { MemorySqs } from '../../support/fakes/memory-sqs.ts';
import { findMessage } from '../../support/find-message.ts';

const fillWithOtherMessages = () => {
  const queues = new MemorySqs();
  for (let sent = 0; sent < 25; sent += 1) queues.put('dead-letters', `of payment ${sent}`);

  return queues;
};

it('finds the message of a test behind many messages of other tests', async () => {
  const queues = fillWithOtherMessages();
  queues.put('dead-letters', 'mine');

  expect(await findMessage(queues.client, 'dead-letters', 'mine')).toMatchObject({ Body: 'mine' });
});

it('finds the message of one of several payments', async () => {
  const { client } = fillWithOtherMessages();

  expect(await findMessage(client, 'dead-letters', 'yours', 'of payment 17')).toMatchObject({
    Body: 'of payment 17',
  });
});

it('returns undefined if no message contains the id', async () => {
  expect(await findMessage(fillWithOtherMessages().client, 'dead-letters', 'mine')).toBeUndefined();
});
