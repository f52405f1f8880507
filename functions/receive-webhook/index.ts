import { lambdaPlatform } from '../../shared/config/lambda-platform.ts';
import { sqsPlatform } from '../../shared/config/sqs-platform.ts';
import { referenceFinderFromEnv } from '../../shared/gateway/gateway-from-env.ts';
import { webhookReaderFromEnv } from '../../shared/gateway/webhook-reader.ts';
import { compose } from './compose.ts';

export const handler = compose({
  ...lambdaPlatform,
  ...sqsPlatform,
  openReferenceFinder: referenceFinderFromEnv,
  openWebhookReader: webhookReaderFromEnv,
});
