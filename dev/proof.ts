import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { ledgerIn } from '../shared/data/ledger.ts';
import { type Proof, prove } from '../shared/data/prove.ts';
import { simulatorLedger } from '../shared/pg/simulator-ledger.ts';
import { localClient } from './aws.ts';
import type { LocalStack } from './stack.ts';

const pgTimeoutMs = 30_000;

/** Proves the books of a whole local stack, however much it holds. */
export const proofOf = ({
  endpoint,
  tables,
  simulatorUrl: url,
}: Pick<LocalStack, 'endpoint' | 'tables' | 'simulatorUrl'>): Promise<Proof> => {
  const db = DynamoDBDocumentClient.from(new DynamoDBClient(localClient(endpoint)));
  const { charges } = simulatorLedger({ url, timeoutMs: pgTimeoutMs });

  return prove(ledgerIn({ db, tables, charges }));
};
