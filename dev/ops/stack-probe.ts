import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { GetQueueUrlCommand, SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { stationNames } from '../../shared/application/dead-letters/queue-names.ts';
import { documentOptions } from '../../shared/config/document-values.ts';
import { type Backlog, backlogOf } from '../../shared/domain/payments/backlog.ts';
import { waitingPaymentsIn } from '../../shared/persistence/payment-backlog.ts';
import { openReviewsIn } from '../../shared/persistence/review-backlog.ts';
import { reviewsIn } from '../../shared/persistence/review-repository.ts';
import { Advice } from '../cli/cli-error.ts';
import { localClient } from '../local/aws.ts';
import { tablesOf } from '../local/outputs.ts';
import type { LocalStack } from '../local/stack-descriptor.ts';
import { type Counted, countedIn } from './payment-counts.ts';
import { depthIn, present } from './queue-depth.ts';
import { outputsOfStage } from './stage-outputs.ts';

/** What lies in the queue of one consumer, and among its dead letters. */
export interface QueueDepths {
  readonly consumer: string;
  readonly waiting: number;
  /** Out with a function, or to come later. */
  readonly later: number;
  readonly deadLetters: number;
}

/** A stack at one moment. */
export interface Look {
  readonly at: Date;
  readonly counted: Counted | undefined;
  readonly backlog: readonly Backlog[];
  readonly queues: readonly QueueDepths[];
}

export type Sight = () => Promise<Look>;

/** Where to look, and the keys to it. */
interface Place {
  /** What clients need to reach it; nothing where the environment says that. */
  readonly client: Partial<ReturnType<typeof localClient>>;
  readonly tables: Pick<LocalStack['tables'], 'payments' | 'reviews'>;
  /** The function that knows every queue. */
  readonly deskFunction: string;
}

export const sightOfLocal = ({
  endpoint,
  tables,
  functions,
}: Pick<LocalStack, 'endpoint' | 'tables' | 'functions'>): Promise<Sight> =>
  sightOf({
    client: localClient(endpoint),
    tables,
    deskFunction: functions['list-dead-letters'] ?? '',
  });

/** Of a stage, with the environment's AWS credentials. */
export const sightOfStage = async (stage: string): Promise<Sight> => {
  // Whoever looks every other second reads the tables as often: what runs for money has a dashboard.
  if (stage === 'production') {
    throw new Advice('Production has a dashboard: see docs/operations.md. It is not watched so.');
  }
  const outputs = await outputsOfStage(stage);
  const { FunctionListDeadLetters: deskFunction } = outputs;
  if (deskFunction === undefined) {
    throw new Advice(`The stage ${stage} cannot be watched yet: run npm run deploy first.`);
  }

  return sightOf({ client: {}, tables: tablesOf(outputs), deskFunction });
};

const sightOf = async ({ client, tables, deskFunction }: Place): Promise<Sight> => {
  const db = DynamoDBDocumentClient.from(new DynamoDBClient(client), documentOptions());
  // The host of a local queue's address is not known to this machine.
  const sqs = new SQSClient({ ...client, useQueueUrlAsEndpoint: false });
  const { Environment } = await new LambdaClient(client).send(
    new GetFunctionConfigurationCommand({ FunctionName: deskFunction }),
  );
  const depthOf = depthIn(sqs);
  const stations = await Promise.all(
    stationNames(Environment?.Variables?.DEAD_LETTERS ?? '[]').map(
      async ({ consumer, deadLetters, queue }) => ({
        consumer,
        deadLetters: await urlIn(sqs, deadLetters),
        ...(queue && { queue: await urlIn(sqs, queue) }),
      }),
    ),
  );
  const waiting = waitingPaymentsIn(db, tables.payments);
  const inReview = openReviewsIn(reviewsIn(db, tables.reviews));
  const counted = countedIn(db, tables.payments);

  return async () => {
    const at = new Date();
    const [due, open, counts, queues] = await Promise.all([
      waiting(),
      inReview(),
      counted(),
      Promise.all(
        stations.map(async ({ consumer, deadLetters, queue }) => {
          const [dead, held] = await Promise.all([
            depthOf(deadLetters),
            queue === undefined ? undefined : depthOf(queue),
          ]);

          return {
            consumer,
            waiting: held?.waiting ?? 0,
            later: held ? held.inHand + held.delayed : 0,
            deadLetters: present(dead),
          };
        }),
      ),
    ]);

    return { at, counted: counts, backlog: backlogOf([...due, ...open], at), queues };
  };
};

const urlIn = async (sqs: SQSClient, QueueName: string): Promise<string> =>
  (await sqs.send(new GetQueueUrlCommand({ QueueName }))).QueueUrl ?? '';
