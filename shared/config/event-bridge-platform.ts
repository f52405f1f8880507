import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { requestTimeouts } from './aws-clients.ts';
import type { EventBridgePlatform } from './platform.ts';

export const eventBridgePlatform: EventBridgePlatform = {
  createEventBridge: (options) =>
    new EventBridgeClient({ ...options, requestHandler: requestTimeouts }),
};
