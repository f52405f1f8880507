import { dynamoDbStreamsPlatform } from '../../shared/config/dynamodb-streams-platform.ts';
import { eventBridgePlatform } from '../../shared/config/event-bridge-platform.ts';
import { lambdaPlatform } from '../../shared/config/lambda-platform.ts';
import { sqsPlatform } from '../../shared/config/sqs-platform.ts';
import { compose } from './compose.ts';

export const handler = compose({
  ...lambdaPlatform,
  ...sqsPlatform,
  ...eventBridgePlatform,
  ...dynamoDbStreamsPlatform,
});
