import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import {
  type AttributeValue,
  type CreateTableCommandInput,
  DynamoDBClient,
  GetItemCommand,
} from '@aws-sdk/client-dynamodb';
import { localClientConfig } from '../../../dev/local/aws.ts';
import type { StoredItem } from '../../support/dynamodb-item-size.ts';
import { readUnits, type Units, writeUnits } from './units.ts';

/** One request of a function to its tables. */
export interface RoundTrip {
  /** The folder of the function. */
  readonly by: string;
  readonly operation: string;
  /** The tables that it reads or writes, in its order. */
  readonly tables: readonly string[];
  /** Milliseconds until the response of the database. */
  readonly tookMs: number;
  readonly bytesSent: number;
  readonly bytesReceived: number;
  readonly read: readonly Units[];
  readonly written: readonly Units[];
}

interface Write {
  readonly TableName: string;
  readonly Key?: StoredItem;
  readonly Item?: StoredItem;
}

interface Request extends Write {
  readonly IndexName?: string;
  readonly ConsistentRead?: boolean;
  readonly TransactItems?: readonly Readonly<Record<string, Write>>[];
}

interface Read {
  readonly Item?: StoredItem;
  readonly Items?: readonly StoredItem[];
}

export interface Meter {
  /** The DynamoDB endpoint of a function, which attributes its requests to it. */
  urlFor(folder: string): string;
  close(): Promise<void>;
}

const readOperations = ['GetItem', 'Query'];

const writesOf = (operation: string, request: Request): readonly Write[] => {
  if (readOperations.includes(operation)) return [];
  if (operation !== 'TransactWriteItems') return [request];

  return (request.TransactItems ?? []).flatMap((one) => Object.values(one));
};

const readsOf = (operation: string, request: Request, response: Buffer): readonly Units[] => {
  if (!readOperations.includes(operation)) return [];
  const { TableName, IndexName, ConsistentRead = false } = request;
  const { Item, Items = Item ? [Item] : [] } = JSON.parse(response.toString()) as Read;

  return [readUnits(IndexName ? `${TableName}.${IndexName}` : TableName, Items, ConsistentRead)];
};

/**
 * A proxy between the functions and DynamoDB. Reads each item before and after its write, one request at a
 * time, and so computes the units that AWS would count, whatever the database. A failed condition counts like
 * a write.
 */
export const startMeter = async (
  endpoint: string,
  tables: readonly CreateTableCommandInput[],
  onRoundTrip: (trip: RoundTrip) => void,
): Promise<Meter> => {
  const readItem = createItemReader(endpoint, tables);

  const metered = async (by: string, headers: IncomingHttpHeaders, sent: Buffer) => {
    const operation = `${headers['x-amz-target']}`.split('.').at(-1) ?? '';
    const request = JSON.parse(sent.toString()) as Request;
    const writes = writesOf(operation, request);
    const before = await Promise.all(writes.map(readItem));
    const began = performance.now();
    const response = await forward(endpoint, headers, sent);
    const tookMs = performance.now() - began;
    const after = await Promise.all(writes.map(readItem));
    onRoundTrip({
      by,
      operation,
      tables: [...new Set((writes.length > 0 ? writes : [request]).map((one) => one.TableName))],
      tookMs,
      bytesSent: sent.length,
      bytesReceived: response.body.length,
      read: readsOf(operation, request, response.body),
      written: writes.flatMap(({ TableName }, index) =>
        writeUnits({
          table: tableIn(tables, TableName),
          before: before[index],
          after: after[index],
          isTransactional: operation === 'TransactWriteItems',
        }),
      ),
    });

    return response;
  };

  let queue: Promise<unknown> = Promise.resolve();
  const server = createServer(async (incoming, outgoing) => {
    const by = incoming.url?.split('/')[1] ?? '';
    const sent = await buffer(incoming);
    // One after another: no other request may change an item between the two reads.
    const current = queue.then(() => metered(by, incoming.headers, sent));
    queue = current.catch(() => {});
    try {
      const { status, type, body } = await current;
      outgoing.writeHead(status, { 'content-type': type }).end(body);
    } catch (error) {
      console.error(error);
      outgoing.writeHead(500).end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  return {
    urlFor: (folder) => `${url}/${folder}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};

const tableIn = (tables: readonly CreateTableCommandInput[], name: string) => {
  const table = tables.find(({ TableName }) => TableName === name);
  if (table === undefined) throw new Error(`There is no table ${name}.`);

  return table;
};

/** Reads the item of a write directly, bypassing the meter. */
const createItemReader = (endpoint: string, tables: readonly CreateTableCommandInput[]) => {
  const database = new DynamoDBClient(localClientConfig(endpoint));

  return async ({ TableName, Key, Item = {} }: Write): Promise<StoredItem | undefined> => {
    const { KeySchema = [] } = tableIn(tables, TableName);
    const keyOfItem = KeySchema.map(({ AttributeName = '' }) => [
      AttributeName,
      Item[AttributeName],
    ]);
    const found = await database.send(
      new GetItemCommand({
        TableName,
        Key: (Key ?? Object.fromEntries(keyOfItem)) as Record<string, AttributeValue>,
        ConsistentRead: true,
      }),
    );

    return found.Item;
  };
};

const hopHeaders = ['host', 'connection', 'content-length', 'transfer-encoding', 'expect'];

const forward = async (endpoint: string, headers: IncomingHttpHeaders, sent: Buffer) => {
  const forwarded = Object.entries(headers).filter(([name]) => !hopHeaders.includes(name));
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: forwarded.map(([name, value]): [string, string] => [name, `${value}`]),
    body: new Uint8Array(sent),
  });

  return {
    status: response.status,
    type: response.headers.get('content-type') ?? 'application/x-amz-json-1.0',
    body: Buffer.from(await response.arrayBuffer()),
  };
};
