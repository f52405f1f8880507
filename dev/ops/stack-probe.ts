import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { GetQueueUrlCommand, SQSClient } from '@aws-sdk/client-sqs';
import { parseQueueNames } from '../../shared/application/dead-letters/queue-names.ts';
import { type Backlog, summarizeBacklog } from '../../shared/domain/payments/backlog.ts';
import {
  createPaymentBacklogReader,
  createReviewBacklogReader,
} from '../../shared/persistence/backlog-repository.ts';
import { createReviewRepository } from '../../shared/persistence/review-repository.ts';
import { CliError } from '../cli/cli-error.ts';
import { localClientConfig } from '../local/aws.ts';
import { tablesOf } from '../local/outputs.ts';
import type { LocalStack } from '../local/stack-descriptor.ts';
import { createPaymentCounter, type PaymentCounts } from './payment-counts.ts';
import { countPresent, createDepthReader } from './queue-depth.ts';
import { createItemDatabase } from './stage-database.ts';
import { readStageOutputs } from './stage-outputs.ts';

/** Message counts of a consumer's queue and of its dead-letter queue. */
export interface QueueDepths {
  readonly consumer: string;
  readonly waiting: number;
  /** In flight or delayed. */
  readonly later: number;
  readonly deadLetters: number;
}

/** The state of a stack at one moment. */
export interface StackSnapshot {
  readonly at: Date;
  readonly counts: PaymentCounts | undefined;
  readonly backlog: readonly Backlog[];
  readonly queues: readonly QueueDepths[];
}

export type Probe = () => Promise<StackSnapshot>;

/** The resources that a probe reads. */
interface ProbeTarget {
  /** SDK client configuration; empty if the environment has it. */
  readonly client: Partial<ReturnType<typeof localClientConfig>>;
  readonly tables: Pick<LocalStack['tables'], 'payments' | 'reviews'>;
  /** A function whose environment lists every queue. */
  readonly deadLetterFunction: string;
}

export const createLocalProbe = ({
  endpoint,
  tables,
  functions,
}: Pick<LocalStack, 'endpoint' | 'tables' | 'functions'>): Promise<Probe> =>
  createProbe({
    client: localClientConfig(endpoint),
    tables,
    deadLetterFunction: functions['list-dead-letters'] ?? '',
  });

/** Creates a probe of a deployed stage, with the AWS credentials of the environment. */
export const createStageProbe = async (stage: string): Promise<Probe> => {
  // Every snapshot scans tables, which is too expensive in production.
  if (stage === 'production') {
    throw new CliError('Production cannot be watched: use its dashboard, see docs/operations.md.');
  }
  const outputs = await readStageOutputs(stage);
  const { FunctionListDeadLetters: deadLetterFunction } = outputs;
  if (deadLetterFunction === undefined) {
    throw new CliError(`The stage ${stage} cannot be watched yet: run npm run deploy first.`);
  }

  return createProbe({ client: {}, tables: tablesOf(outputs), deadLetterFunction });
};

const createProbe = async ({ client, tables, deadLetterFunction }: ProbeTarget): Promise<Probe> => {
  const db = createItemDatabase(client);
  // This machine cannot resolve the host in a local queue's URL.
  const sqs = new SQSClient({ ...client, useQueueUrlAsEndpoint: false });
  const { Environment } = await new LambdaClient(client).send(
    new GetFunctionConfigurationCommand({ FunctionName: deadLetterFunction }),
  );
  const depthOf = createDepthReader(sqs);
  const queueUrls = await Promise.all(
    parseQueueNames(Environment?.Variables?.DEAD_LETTERS ?? '[]').map(
      async ({ consumer, deadLetters, queue }) => ({
        consumer,
        deadLetters: await getQueueUrl(sqs, deadLetters),
        ...(queue && { queue: await getQueueUrl(sqs, queue) }),
      }),
    ),
  );
  const waiting = createPaymentBacklogReader(db, tables.payments);
  const inReview = createReviewBacklogReader(createReviewRepository(db, tables.reviews));
  const readPaymentCounts = createPaymentCounter(db, tables.payments);

  return async () => {
    const at = new Date();
    const [due, open, counts, queues] = await Promise.all([
      waiting(),
      inReview(),
      readPaymentCounts(),
      Promise.all(
        queueUrls.map(async ({ consumer, deadLetters, queue }) => {
          const [dead, main] = await Promise.all([
            depthOf(deadLetters),
            queue === undefined ? undefined : depthOf(queue),
          ]);

          return {
            consumer,
            waiting: main?.visible ?? 0,
            later: main ? main.inFlight + main.delayed : 0,
            deadLetters: countPresent(dead),
          };
        }),
      ),
    ]);

    return { at, counts, backlog: summarizeBacklog([...due, ...open], at), queues };
  };
};

const getQueueUrl = async (sqs: SQSClient, QueueName: string): Promise<string> =>
  (await sqs.send(new GetQueueUrlCommand({ QueueName }))).QueueUrl ?? '';
