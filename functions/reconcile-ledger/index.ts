import { lambdaPlatform } from '../../shared/config/lambda-platform.ts';
import { chargeListFromEnv } from '../../shared/gateway/gateway-from-env.ts';
import { compose } from './compose.ts';

export const handler = compose({ ...lambdaPlatform, openChargeList: chargeListFromEnv });
