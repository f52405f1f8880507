import { expect, it } from 'vitest';
import { MemorySqs } from '../../support/fakes/memory-sqs.ts';
import { findMessage } from '../../support/find-message.ts';

const fillWithOtherMessages = () => {
  const queues = new MemorySqs();
  for (let sent = 0; sent < 25; sent += 1) queues.put('letters', `of payment ${sent}`);

  return queues;
};

it('finds the letter of a test however many others have left before it', async () => {
  const queues = fillWithOtherMessages();
  queues.put('letters', 'mine');

  expect(await findMessage(queues.client, 'letters', 'mine')).toMatchObject({ Body: 'mine' });
});

it('finds the letter of one of several payments', async () => {
  const { client } = fillWithOtherMessages();

  expect(await findMessage(client, 'letters', 'yours', 'of payment 17')).toMatchObject({
    Body: 'of payment 17',
  });
});

it('finds nothing where no letter is of it', async () => {
  expect(await findMessage(fillWithOtherMessages().client, 'letters', 'mine')).toBeUndefined();
});
