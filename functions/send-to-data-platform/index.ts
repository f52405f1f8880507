import { lambdaPlatform } from '../../shared/config/lambda-platform.ts';
import { sqsPlatform } from '../../shared/config/sqs-platform.ts';
import { systemTimers } from '../../shared/config/system-clock.ts';
import { deliveryDeadlineMs, postWithDeadline } from '../../shared/lambda/http-delivery.ts';
import { compose } from './compose.ts';

export const handler = compose({
  ...lambdaPlatform,
  ...sqsPlatform,
  post: postWithDeadline(deliveryDeadlineMs, systemTimers),
});
