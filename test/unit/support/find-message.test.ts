import { expect, it } from 'vitest';
import { MemoryQueues } from '../../support/fakes/memory-sqs.ts';
import { findMessage } from '../../support/find-message.ts';

const lettersOfOthers = () => {
  const queues = new MemoryQueues();
  for (let sent = 0; sent < 25; sent += 1) queues.put('letters', `of payment ${sent}`);

  return queues;
};

it('finds the letter of a test however many others have left before it', async () => {
  const queues = lettersOfOthers();
  queues.put('letters', 'mine');

  expect(await findMessage(queues.client, 'letters', 'mine')).toMatchObject({ Body: 'mine' });
});

it('finds the letter of one of several payments', async () => {
  const { client } = lettersOfOthers();

  expect(await findMessage(client, 'letters', 'yours', 'of payment 17')).toMatchObject({
    Body: 'of payment 17',
  });
});

it('finds nothing where no letter is of it', async () => {
  expect(await findMessage(lettersOfOthers().client, 'letters', 'mine')).toBeUndefined();
});
