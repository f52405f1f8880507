import { refundsIn } from '../../shared/data/refunds.ts';
import { httpHandler } from '../../shared/http/boundary.ts';
import { storesFromEnv } from '../../shared/runtime/stores.ts';
import { getRefund } from './handler.ts';

export const handler = httpHandler(getRefund(storesFromEnv({ refunds: refundsIn })));
