import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { createLeanClient } from './aws-clients.ts';
import type { EventBridgePlatform } from './platform.ts';

export const eventBridgePlatform: EventBridgePlatform = {
  createEventBridge: ({ maxAttempts }) =>
    createLeanClient('events', (options) => new EventBridgeClient({ ...options, maxAttempts })),
};
