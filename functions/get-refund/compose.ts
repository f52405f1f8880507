import type { BasePlatform } from '../../shared/config/platform.ts';
import { httpHandler } from '../../shared/http/http-handler.ts';
import { createLongPoll } from '../../shared/http/long-poll.ts';
import { createRefundRepository } from '../../shared/persistence/refund-repository.ts';
import { storesFromEnv } from '../../shared/persistence/stores-from-env.ts';
import { waitSlotsFromEnv } from '../../shared/persistence/wait-slots.ts';
import { getRefund } from './handler.ts';

export const compose = (platform: BasePlatform) => {
  const { refunds } = storesFromEnv(platform, { refunds: createRefundRepository });
  const acquireSlot = waitSlotsFromEnv(platform, 'get-refund');

  return httpHandler(getRefund({ refunds, poll: createLongPoll({ ...platform, acquireSlot }) }));
};
