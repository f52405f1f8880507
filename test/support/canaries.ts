import { DeleteMessageCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { paginateScan } from '@aws-sdk/lib-dynamodb';
import { afterAll, expect, inject } from 'vitest';
import { db, sqs, stack } from './aws.ts';
import { logText } from './log.ts';
import { deadLetterQueues } from './queues.ts';
import { secretsSent } from './transports.ts';

/** What no log, event, dead letter or table may ever hold: whatever has the form of it, and what this file's clients have sent. */
const forms = {
  token: /\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]{8,}/,
  'e-mail': /[\w.+-]+@buyers\.example/,
  'payment method': /\bsim_[a-z_]+/,
};

const spillsIn = (text: string): string[] => [
  ...Object.entries(forms).flatMap(([what, form]) => {
    const [found] = form.exec(text) ?? [];

    return found ? [`${what}: ${found}`] : [];
  }),
  ...[...secretsSent].filter((secret) => text.includes(secret)).map((secret) => `sent: ${secret}`),
];

/** Everything that is in a queue now; `isOurs` takes it out. */
const messagesOf = async (QueueUrl: string, isOurs = false): Promise<string> => {
  const bodies: string[] = [];
  for (;;) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 1 }),
    );
    if (Messages.length === 0) break;
    for (const { Body = '', ReceiptHandle } of Messages) {
      bodies.push(Body);
      if (isOurs) await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    }
    if (!isOurs && bodies.length > 100) break;
  }

  return bodies.join('\n');
};

/** Every item, but for how a payment is paid: the charger has to know that. */
const itemsOf = async (TableName: string): Promise<string> => {
  const items: object[] = [];
  for await (const { Items = [] } of paginateScan({ client: db }, { TableName })) {
    items.push(...Items.map(({ paymentMethod, ...rest }) => rest));
  }

  return JSON.stringify(items);
};

// For each file of the suite, so that none can write what nobody looks at.
afterAll(async () => {
  const written: Record<string, string> = {
    'the log': logText(),
    'the bus': await messagesOf(inject('tap'), true),
  };
  for (const [consumer, queueUrl] of await deadLetterQueues())
    written[`the dead letters of ${consumer}`] = await messagesOf(queueUrl);
  for (const [table, name] of Object.entries(stack.tables))
    written[`the table ${table}`] = await itemsOf(name);

  const spilt = Object.entries(written).flatMap(([where, text]) =>
    spillsIn(text).map((what) => `${where} has a ${what}`),
  );
  expect(spilt).toEqual([]);
});
