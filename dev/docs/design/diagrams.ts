import { stages } from '../../../cdk/stages.ts';
import type { DynamoRequest } from '../../../test/bench/counts/counts.ts';
import { type Summary, summarize } from '../../../test/bench/measure/figures.ts';
import { followedRate } from '../../../test/bench/measure/schedule.ts';
import { closedLoop, ms, openLoop } from './figures.ts';
import type { BenchResults } from './results.ts';

const sequenceDiagram = (...lines: readonly string[]): string =>
  ['```mermaid', 'sequenceDiagram', ...lines.map((line) => `    ${line}`), '```'].join('\n');

const stagesOf = ({ stages, p50Ms }: Summary) => {
  if (stages === undefined) throw new Error('No payment was completed.');

  return {
    reserved: stages.untilClaimedMs.median,
    charged: stages.untilChargedMs.median,
    answered: p50Ms.median,
  };
};

/** Section 1.1 of the brief, measured with a free worker for every user. */
export const beforeDiagram = ({ load }: BenchResults): string => {
  const { reserved, charged, answered } = stagesOf(summarize(load, 'synchronous', closedLoop(50)));

  return sequenceDiagram(
    'participant B as Buyer',
    `participant S as Checkout, ${load.settings.workerSlots} workers`,
    'participant D as DynamoDB',
    'participant P as PG',
    'B->>S: pay',
    'activate S',
    'S->>D: one transaction: payment, order, balance, stock',
    `Note over S,D: ${ms(reserved)} (brief: 50 ms)`,
    'S->>P: charge, and the worker waits',
    'P-->>S: approved',
    `Note over S,P: ${ms(charged)} (brief: 5,000 ms)`,
    'S->>D: one transaction: completed, spent, sold',
    'S->>D: ranking',
    `Note over S,D: ${ms(answered - reserved - charged)} for these, the idempotency record and reading the order (brief: 11 ms)`,
    'S-->>B: 200, paid',
    'deactivate S',
    `Note over B,S: the buyer waited ${ms(answered)}`,
  );
};

/** Section 3.1 of the brief. */
export const oneTransactionDiagram = ({ load }: BenchResults): string => {
  const { outside, connections } = load.settings;
  const { p50Ms } = summarize(load, 'one-transaction', closedLoop(50));

  return sequenceDiagram(
    'participant B as Buyer',
    'participant S as Checkout',
    `participant D as Database, ${connections} connections`,
    'participant X as Data platform',
    'participant N as Notification',
    'B->>S: pay',
    'S->>D: begin: order, balance, payment, stock',
    'activate D',
    'Note over S,D: brief: 70 ms',
    'S->>X: POST, the transaction stays open',
    `Note over S,X: ${ms(outside.dataPlatformMs)}, as in the brief`,
    'S->>N: POST, the transaction stays open',
    `Note over S,N: ${ms(outside.notificationMs)}, as in the brief`,
    'S->>D: ranking, commit',
    'deactivate D',
    'S-->>B: 200, paid',
    `Note over B,S: with 50 buyers on ${connections} connections: ${ms(p50Ms.median)}`,
  );
};

const formatDatabaseCall = ({ operation, tables, tookMs }: DynamoRequest): string =>
  `${operation} ${tables.join(', ')} (${ms(tookMs)})`;

/** Our flow, at a rate that one machine can process to the final status. */
export const afterDiagram = ({ load, counts }: BenchResults): string => {
  const followed = summarize(load, 'after', openLoop(followedRate));
  const { reserved, charged, answered } = stagesOf(followed);
  const requests = (folder: string) => {
    const sent = counts.kinds.approved?.requests[folder];
    if (sent === undefined) throw new Error(`The counts have no requests of ${folder}.`);

    return sent;
  };
  const final = followed.finals?.medianMs?.median ?? Number.NaN;

  return sequenceDiagram(
    'participant B as Buyer',
    'participant A as accept-payment',
    'participant D as DynamoDB',
    'participant R as relay-changes',
    'participant E as EventBridge, SQS',
    'participant C as charge-payment',
    'participant P as PG',
    'participant L as Consumers',
    'B->>A: POST /payments',
    'activate A',
    ...requests('accept-payment').map((one) => `A->>D: ${formatDatabaseCall(one)}`),
    'A-->>B: 202 Accepted',
    'deactivate A',
    `Note over B,A: the buyer waited ${ms(answered)} (brief: 71 ms)`,
    'D-->>R: stream',
    'R->>E: PaymentReserved',
    `E->>C: a batch of up to ${stages.production.chargeBatchSize}`,
    'C->>D: claim: RESERVED to CHARGING',
    `Note over D,C: ${ms(reserved)} from accept to claim`,
    'C->>P: charge',
    'P-->>C: approved',
    `Note over C,P: ${ms(charged)} (brief: 5,000 ms)`,
    'C->>D: one transaction: COMPLETED, paid, spent, sold',
    `Note over B,C: final ${ms(final)} after the accept`,
    'D-->>R: stream',
    'R->>E: PaymentCompleted',
    'par independently',
    'E->>L: data platform (brief: 3,000 ms)',
    'and',
    'E->>L: notification (brief: 500 ms)',
    'and',
    'E->>L: ranking (brief: 10 ms)',
    'and',
    'E->>L: loyalty points (brief: 20 ms)',
    'end',
  );
};
