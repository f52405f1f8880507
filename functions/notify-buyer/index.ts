import { lambdaPlatform } from '../../shared/config/lambda-platform.ts';
import { createSecretReader } from '../../shared/config/secret.ts';
import { sqsPlatform } from '../../shared/config/sqs-platform.ts';
import { systemTimers } from '../../shared/config/system-clock.ts';
import { deliveryDeadlineMs, postWithDeadline } from '../../shared/lambda/http-delivery.ts';
import { compose } from './compose.ts';

export const handler = compose({
  ...lambdaPlatform,
  ...sqsPlatform,
  createSecretReader,
  post: postWithDeadline(deliveryDeadlineMs, systemTimers),
});
