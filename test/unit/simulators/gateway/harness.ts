import { manualTimers } from '../../../../shared/gateway/conformance/manual-timers.ts';
import type { ChargeBody } from '../../../../shared/gateway/simulator/protocol.ts';
import { inMemory } from '../../../../shared/simulators/document-store.ts';
import { simulator } from '../../../../shared/simulators/gateway/gateway-simulator.ts';
import { clientOf, shown } from '../../../support/fakes/plain-http-client.ts';

/** A simulated PG without a network, and requests about its reference `p-1`. */
export const aSimulator = () => {
  const timers = manualTimers();
  const client = clientOf(simulator({ accounts: inMemory(), keys: inMemory(), clock: timers }));
  const keyed = (path: string) => async (key: string, body: object) =>
    shown(await client.post(path, body, { 'idempotency-key': key }));

  return {
    timers,
    client,
    charge: (paymentMethod: string, { key = 'chg:p-1:1', ...other }: OtherCharge = {}) =>
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
      shown(await client.get(`/refunds/${encodeURIComponent(key)}?reference=${reference}`)),
    inquire: async (reference = 'p-1') => shown(await client.get(`/charges/${reference}`)),
    listed: async (query = '?reference=p-1') => shown(await client.get(`/charges${query}`)),
  };
};

interface OtherCharge extends Partial<ChargeBody> {
  readonly key?: string;
}
