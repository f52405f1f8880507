import { randomUUID } from 'node:crypto';
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DeleteMessageCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { paginateScan } from '@aws-sdk/lib-dynamodb';
import { afterAll, expect, inject } from 'vitest';
import { api } from './api-client.ts';
import { db, sqs, stack } from './aws-clients.ts';
import { deadLetterQueueUrls, queueDepth } from './queues.ts';
import { aBuyer, anOrder, aProduct } from './stack-fixtures.ts';
import { readStackLog } from './stack-log.ts';
import { sentSecrets } from './transports.ts';

type Text = [place: string, text: string];
type Patterns = Readonly<Record<string, RegExp>>;

/** Patterns that no log, event, dead letter or table may contain, besides the secrets that the tests' clients have sent. */
const secretPatterns: Patterns = {
  token: /\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]{8,}/,
  'e-mail': /[\w.+-]+@buyers\.example/,
  'payment method': /\bsim_[a-z_]+/,
  // The number that `sendCardNumbers` sends, with the separators that JSON and logs may add.
  'card number': /4242[^\d"]{0,3}4242[^\d"]{0,3}4242/,
};

/** The gateway's pages for one buyer. The address of a challenge is all that a browser needs to decide it. */
const pagePatterns: Patterns = {
  'page of a challenge': /\/challenge\/[\da-f]{8}-/,
  'window of a payment': /\/window\?reference=/,
};

/** The tables with what the API returns to buyers. */
const tablesWithPages = ['the table payments', 'the table idempotency'];

/** Only the tables have the addresses of operators: audits name the person. */
const patternsOutsideTables: Patterns = {
  ...secretPatterns,
  ...pagePatterns,
  'e-mail of an operator': /[\w.+-]+@operators\.example/,
};

const cardNumber = '4242 4242 4242 4242';

/** Sends a card number in every text field of otherwise valid requests. */
const sendCardNumbers = async (): Promise<void> => {
  const sku = await aProduct({ available: 1 });
  const buyer = await aBuyer({ available: 1_000_000 });
  const order = await anOrder({ via: api, buyer, lines: [{ sku, quantity: 1 }] });
  const post = (path: string, body: object) =>
    api.send({ method: 'POST', path, buyer, key: randomUUID(), body });

  const replies = await Promise.all([
    api.pay(order, { paymentMethod: cardNumber }),
    api.pay({ ...order, orderId: cardNumber }),
    api.pay(order, { returnUrl: `http://localhost:3000/${cardNumber}` }),
    post('/orders', { lines: [{ sku: cardNumber, quantity: 1 }] }),
    post('/orders', { lines: [{ sku, quantity: 1 }], couponId: cardNumber }),
    post('/payments/pay_1/confirm', { paymentMethod: cardNumber }),
    post('/payments/pay_1/refunds', { amount: 1, reason: cardNumber }),
    api.asOperator({
      method: 'POST',
      path: '/operator/reviews/rev_1/resolve',
      body: { decision: 'failed', reason: cardNumber },
    }),
  ]);
  for (const reply of replies)
    expect(reply).toMatchObject({ status: 422, body: { code: 'card-number-refused' } });
};

/** The leaks of each place's text. */
const findLeaks = (
  texts: readonly Text[],
  patterns: Patterns,
  secrets: readonly string[],
): string[] =>
  texts.flatMap(([place, text]) =>
    [
      ...Object.entries(patterns).flatMap(([what, form]) => {
        const [found] = form.exec(text) ?? [];

        return found ? [`${what}: ${found}`] : [];
      }),
      ...secrets.filter((secret) => text.includes(secret)).map((secret) => `sent: ${secret}`),
    ].map((what) => `${place} has a ${what}`),
  );

/** Messages that are in a queue now; they stay there. */
const readMessages = async (QueueUrl: string): Promise<string> => {
  const bodies: string[] = [];
  while (bodies.length <= 100) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 1 }),
    );
    if (Messages.length === 0) break;
    bodies.push(...Messages.map(({ Body = '' }) => Body));
  }

  return bodies.join('\n');
};

const pathOf = (name: string) => join(inject('sharedDirectory'), name);
const append = (name: string, line: string) => appendFileSync(pathOf(name), `${line}\n`);
const read = (name: string) => (existsSync(pathOf(name)) ? readFileSync(pathOf(name), 'utf8') : '');

/** Every event that the bus has carried. Moves them from the queue into a file, which other test files read as well. */
const readBus = async (): Promise<string> => {
  const QueueUrl = inject('tap');
  // A message in flight is in the hands of another test file, which has not written it yet.
  while ((await queueDepth(QueueUrl)) > 0) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }),
    );
    for (const { Body = '', ReceiptHandle } of Messages) {
      append('bus.log', Body);
      await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    }
  }

  return read('bus.log');
};

/** All items, without the payment method token, which the charger needs. */
const readItems = async (TableName: string): Promise<string> => {
  const items: object[] = [];
  for await (const { Items = [] } of paginateScan({ client: db }, { TableName })) {
    items.push(
      ...Items.map(({ paymentMethod, ...rest }) =>
        /^sim_[a-z_]+$/.test(paymentMethod) ? rest : { paymentMethod, ...rest },
      ),
    );
  }

  return JSON.stringify(items);
};

/** The texts of all dead-letter queues. While files share the stack, reading them would hide messages from other files: those that run alone do. */
const readDeadLetters = async (): Promise<Text[]> =>
  inject('isStackShared')
    ? []
    : Promise.all(
        [...(await deadLetterQueueUrls())].map(async ([consumer, queueUrl]) => [
          `the dead letters of ${consumer}`,
          await readMessages(queueUrl),
        ]),
      );

const readTables = (): Promise<Text[]> =>
  Promise.all(
    Object.entries(stack.tables).map(async ([table, name]) => [
      `the table ${table}`,
      await readItems(name),
    ]),
  );

// Registered for each file of the suite.
afterAll(async () => {
  await sendCardNumbers();
  const log = readStackLog();
  const bus = await readBus();
  const [deadLetters, tables] = await Promise.all([readDeadLetters(), readTables()]);
  const tablesWithoutPages = tables.filter(([place]) => !tablesWithPages.includes(place));
  const outsideTables: Text[] = [['the log', log], ['the bus', bus], ...deadLetters];

  for (const secret of sentSecrets) append('secrets.log', secret);
  const secrets = read('secrets.log').split('\n').filter(Boolean);
  expect([
    ...findLeaks(outsideTables, patternsOutsideTables, secrets),
    ...findLeaks(tables, secretPatterns, secrets),
    ...findLeaks(tablesWithoutPages, pagePatterns, []),
  ]).toEqual([]);
});
