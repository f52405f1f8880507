import { lambdaPlatform } from '../../shared/config/lambda-platform.ts';
import { checkoutFromEnv } from '../../shared/gateway/checkout.ts';
import { tokenFormatFromEnv } from '../../shared/gateway/token-format.ts';
import { compose } from './compose.ts';

export const handler = compose({
  ...lambdaPlatform,
  openCheckout: checkoutFromEnv,
  tokenFormat: tokenFormatFromEnv(),
});
