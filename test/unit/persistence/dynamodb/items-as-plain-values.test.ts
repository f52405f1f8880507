import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PutCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { describe, expect, it, onTestFinished } from 'vitest';
import { localClientConfig } from '../../../../dev/local/aws.ts';
import { createDynamoDbClient } from '../../../../shared/config/aws-clients.ts';
import { createDocumentClient } from '../../../../shared/config/document-client.ts';
import { createDatabase } from '../../../../shared/config/system-runtime.ts';
import { createPaymentRepository } from '../../../../shared/persistence/payment-repository.ts';
import { aProduct } from '../../../support/builders/builders.ts';
import { aPaidOrder, aRefund } from '../../../support/builders/refund-generators.ts';

/** A DynamoDB that returns the same response to every request and records the requests. */
const createRespondingDynamo = async (responseBody: object) => {
  const bodies: string[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const part of request) body += part;
    bodies.push(body);
    response
      .writeHead(200, { 'content-type': 'application/x-amz-json-1.0' })
      .end(JSON.stringify(responseBody));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const db = createDatabase(
    createDocumentClient(createDynamoDbClient(localClientConfig(endpoint))),
  );

  return { db, bodies };
};

const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty'];

describe('document client', () => {
  it('reads a page with a number of any size', async () => {
    const odd = { ...marshall(aProduct({ sku: 'odd' })), sold: { N: '1.5E+125' } };
    const big = { ...marshall(aProduct({ sku: 'big' })), sold: { N: '9007199254740993' } };
    const { db } = await createRespondingDynamo({
      Items: [odd, big, marshall(aProduct({ sku: 'tea' }))],
    });

    const { Items } = await db.send(new ScanCommand({ TableName: 'Products' }));

    expect(Items).toMatchObject([
      { sku: 'odd', sold: '1.5E+125' },
      { sku: 'big', sold: '9007199254740993' },
      { sku: 'tea', sold: 0 },
    ]);
  });

  it.each(names)('keeps the fields of an item that has a field called %s', async (name) => {
    const tea = marshall(aProduct({ sku: 'tea' }));
    const item = Object.defineProperty({ ...tea }, name, {
      value: { M: { sold: { N: '7' } } },
      enumerable: true,
    });
    const { db } = await createRespondingDynamo({ Items: [item] });

    const { Items } = await db.send(new ScanCommand({ TableName: 'Products' }));

    expect(Items).toMatchObject([{ sku: 'tea', sold: 0, available: 100 }]);
  });

  it.each(names)('writes and reads a payment for a product called %s', async (sku) => {
    const sale = aPaidOrder({ lines: [{ sku, quantity: 2, unitPrice: 1_000 }] });
    const { payment } = aRefund(sale, { lines: [{ sku, quantity: 1, restock: true }] });
    const { db, bodies } = await createRespondingDynamo({});

    await db.send(new PutCommand({ TableName: 'Payments', Item: payment }));

    const { Item } = JSON.parse(bodies[0] ?? '');
    const again = await createRespondingDynamo({ Item });
    expect(await createPaymentRepository(again.db, 'Payments').find(payment.paymentId)).toEqual(
      payment,
    );
    expect(JSON.stringify(Item.refundedLines)).toContain(`{"S":"${sku}"}`);
  });
});
