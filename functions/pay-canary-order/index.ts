import { invocationPlatform } from '../../shared/config/function-invoker.ts';
import { lambdaPlatform } from '../../shared/config/lambda-platform.ts';
import { compose } from './compose.ts';

export const handler = compose({ ...lambdaPlatform, ...invocationPlatform });
