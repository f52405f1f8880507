import { lambdaPlatform } from '../../shared/config/lambda-platform.ts';
import { sqsPlatform } from '../../shared/config/sqs-platform.ts';
import { checkoutFromEnv } from '../../shared/gateway/checkout.ts';
import { tokenFormatFromEnv } from '../../shared/gateway/token-format.ts';
import { compose } from './compose.ts';

export const handler = compose({
  ...lambdaPlatform,
  ...sqsPlatform,
  openCheckout: checkoutFromEnv,
  tokenFormat: tokenFormatFromEnv(),
});
