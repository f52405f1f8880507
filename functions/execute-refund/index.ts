import { lambdaPlatform } from '../../shared/config/lambda-platform.ts';
import { sqsPlatform } from '../../shared/config/sqs-platform.ts';
import { paymentGatewayFromEnv } from '../../shared/gateway/gateway-from-env.ts';
import { compose } from './compose.ts';

export const handler = compose({
  ...lambdaPlatform,
  ...sqsPlatform,
  openGateway: paymentGatewayFromEnv,
});
