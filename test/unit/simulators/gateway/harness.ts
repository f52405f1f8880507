import { randomUUID } from 'node:crypto';
import { createManualTimers } from '../../../../shared/gateway/conformance/manual-timers.ts';
import type { ChargeBody } from '../../../../shared/gateway/simulator/protocol.ts';
import { createMemoryStore } from '../../../../shared/simulators/document-store.ts';
import { createGatewaySimulator } from '../../../../shared/simulators/gateway/gateway-simulator.ts';
import { createPlainBrowser } from '../../../support/fakes/browser.ts';
import { createPlainClient, toComparable } from '../../../support/fakes/plain-http-client.ts';

/** A gateway simulator without a network, and requests about the reference `p-1`. */
export const createSimulatorHarness = () => {
  const timers = createManualTimers();
  const simulator = createGatewaySimulator({
    accounts: createMemoryStore(),
    keys: createMemoryStore(),
    clock: timers,
    randomId: randomUUID,
  });
  const client = createPlainClient(simulator);
  const keyed = (path: string) => async (key: string, body: object) =>
    toComparable(await client.post(path, body, { 'idempotency-key': key }));

  return {
    timers,
    client,
    browser: createPlainBrowser(simulator),
    charge: (paymentMethod: string, { key = 'chg:p-1:1', ...other }: ChargeOptions = {}) =>
      keyed('/charges')(key, {
        reference: 'p-1',
        amount: 1_000,
        currency: 'KRW',
        paymentMethod,
        ...other,
      }),
    refund: (key: string, amount: number, currency = 'KRW') =>
      keyed('/refunds')(key, { reference: 'p-1', amount, currency }),
    cancel: () => keyed('/cancellations')('cnl:p-1', { reference: 'p-1' }),
    inquireRefund: async (key: string, reference = 'p-1') =>
      toComparable(await client.get(`/refunds/${encodeURIComponent(key)}?reference=${reference}`)),
    inquire: async (reference = 'p-1') => toComparable(await client.get(`/charges/${reference}`)),
    list: async (query = '?reference=p-1') => toComparable(await client.get(`/charges${query}`)),
  };
};

interface ChargeOptions extends Partial<ChargeBody> {
  readonly key?: string;
}
