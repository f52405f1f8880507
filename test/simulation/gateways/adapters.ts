import { createSimulatorGateway } from '../../../shared/gateway/simulator/adapter.ts';
import { createSimulatorChargeList } from '../../../shared/gateway/simulator/charge-list.ts';
import { readSimulatorWebhook } from '../../../shared/gateway/simulator/webhook.ts';
import { createStripeGateway } from '../../../shared/gateway/stripe/adapter.ts';
import { createStripeChargeList } from '../../../shared/gateway/stripe/charge-list.ts';
import { createStripeReferenceFinder } from '../../../shared/gateway/stripe/find-reference.ts';
import { readStripeWebhook } from '../../../shared/gateway/stripe/webhook.ts';
import { tokenFormats } from '../../../shared/gateway/token-format.ts';
import { createTossGateway } from '../../../shared/gateway/toss/adapter.ts';
import { createTossChargeList } from '../../../shared/gateway/toss/charge-list.ts';
import { readTossWebhook } from '../../../shared/gateway/toss/webhook.ts';
import { verifyWebhook } from '../../../shared/gateway/webhook-reader.ts';

/** What connects a function to the gateways. Another build has its own, of the version of its functions. */
export const gatewayAdapters = {
  createSimulatorGateway,
  createSimulatorChargeList,
  readSimulatorWebhook,
  createStripeGateway,
  createStripeChargeList,
  createStripeReferenceFinder,
  readStripeWebhook,
  createTossGateway,
  createTossChargeList,
  readTossWebhook,
  verifyWebhook,
  tokenFormats,
};

export type GatewayAdapters = typeof gatewayAdapters;
