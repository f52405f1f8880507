import { lambdaPlatform } from '../../shared/config/lambda-platform.ts';
import { sqsPlatform } from '../../shared/config/sqs-platform.ts';
import { compose } from './compose.ts';

export const handler = compose({ ...lambdaPlatform, ...sqsPlatform });
