import { EventBridgeClient, PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { localClient } from '../../../dev/local/aws.ts';
import type { LocalStack } from '../../../dev/local/stack-descriptor.ts';
import { eventSource } from '../../../shared/domain/events/domain-event.ts';

const name = 'aftercommit-tests-tap';

/** Lets every event of the bus come into a queue of the tests' own, and gives its address. */
export const tapBus = async ({ endpoint, eventBusName }: LocalStack): Promise<string> => {
  const access = localClient(endpoint);
  const sqs = new SQSClient({ ...access, useQueueUrlAsEndpoint: false });
  const events = new EventBridgeClient(access);
  const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: name }));
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
      Name: name,
      EventBusName: eventBusName,
      EventPattern: JSON.stringify({ source: [eventSource] }),
    }),
  );
  await events.send(
    new PutTargetsCommand({
      Rule: name,
      EventBusName: eventBusName,
      Targets: [{ Id: name, Arn: arn }],
    }),
  );

  return QueueUrl;
};
