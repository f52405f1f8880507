import type { GatewayWorldOptions, SimulatedGateway } from './gateway.ts';
import { createSimulatorGatewayWorld } from './simulator.ts';
import { createStripeWorld } from './stripe.ts';
import { createTossWorld } from './toss.ts';

export type Adapter = SimulatedGateway['adapter'];

export const gatewayWorlds: Readonly<
  Record<Adapter, (options: GatewayWorldOptions) => SimulatedGateway>
> = {
  simulator: createSimulatorGatewayWorld,
  stripe: createStripeWorld,
  toss: createTossWorld,
};
