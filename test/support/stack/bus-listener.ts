import { EventBridgeClient, PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { localClientConfig } from '../../../dev/local/aws.ts';
import type { LocalStack } from '../../../dev/local/stack-descriptor.ts';
import { eventSource } from '../../../shared/domain/events/domain-event.ts';

const queueName = 'aftercommit-tests-tap';

/** Routes every event of the bus to a queue of the tests and returns the queue's URL. */
export const listenToBus = async ({ endpoint, eventBusName }: LocalStack): Promise<string> => {
  const access = localClientConfig(endpoint);
  const sqs = new SQSClient({ ...access, useQueueUrlAsEndpoint: false });
  const events = new EventBridgeClient(access);
  const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: queueName }));
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }),
  );
  const arn = Attributes?.QueueArn ?? '';
  const policy = {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Service: 'events.amazonaws.com' },
        Action: 'sqs:SendMessage',
        Resource: arn,
      },
    ],
  };
  await sqs.send(
    new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy: JSON.stringify(policy) } }),
  );
  await events.send(
    new PutRuleCommand({
      Name: queueName,
      EventBusName: eventBusName,
      EventPattern: JSON.stringify({ source: [eventSource] }),
    }),
  );
  await events.send(
    new PutTargetsCommand({
      Rule: queueName,
      EventBusName: eventBusName,
      Targets: [{ Id: queueName, Arn: arn }],
    }),
  );

  return QueueUrl;
};
