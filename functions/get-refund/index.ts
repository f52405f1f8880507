import { refundsIn } from '../../shared/data/refunds.ts';
import { httpHandler } from '../../shared/http/boundary.ts';
import { storesFromEnv } from '../../shared/runtime/stores.ts';
import { longPollFromEnv } from '../../shared/runtime/wait-slots.ts';
import { getRefund } from './handler.ts';

const { refunds } = storesFromEnv({ refunds: refundsIn });

export const handler = httpHandler(getRefund({ refunds, poll: longPollFromEnv('get-refund') }));
