import { httpHandler } from '../../shared/http/http-handler.ts';
import { createRefundRepository } from '../../shared/persistence/refund-repository.ts';
import { storesFromEnv } from '../../shared/persistence/stores-from-env.ts';
import { longPollFromEnv } from '../../shared/persistence/wait-slots-from-env.ts';
import { getRefund } from './handler.ts';

const { refunds } = storesFromEnv({ refunds: createRefundRepository });

export const handler = httpHandler(getRefund({ refunds, poll: longPollFromEnv('get-refund') }));
