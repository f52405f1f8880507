import { systemTimers } from '../../config/timers.ts';
import {
  type ChargeEntry,
  type ChargeList,
  maxPageBytes,
  parsePage,
  sumByReference,
} from '../charge-list.ts';
import { exchange } from '../http-exchange.ts';
import type { SimulatorGatewayOptions } from './adapter.ts';
import { listResponse } from './protocol.ts';

/** What the simulator has, by the pages of `GET /charges`. */
export const createSimulatorChargeList = ({
  url,
  timeoutMs,
  timers = systemTimers,
  pageSize = 200,
}: SimulatorGatewayOptions & { readonly pageSize?: number }): ChargeList => {
  const fetchPage = async (after: string | undefined) => {
    const query = new URLSearchParams({ limit: `${pageSize}`, ...(after && { after }) });
    const address = new URL(`${url.replace(/\/+$/, '')}/charges?${query}`);
    const request = { method: 'GET', url: address, headers: {}, timeoutMs } as const;

    return parsePage(
      await exchange({ ...request, maxResponseBytes: maxPageBytes }, timers),
      listResponse,
    );
  };

  const entries = async function* (): AsyncIterable<ChargeEntry> {
    let after: string | undefined;
    do {
      const { charges, refunds, next } = await fetchPage(after);
      for (const { amount, ...charge } of charges)
        yield { ...charge, captured: amount, refunded: 0 };
      for (const { amount, ...refund } of refunds)
        yield { ...refund, captured: 0, refunded: amount };
      after = next;
    } while (after !== undefined);
  };

  return { charges: () => sumByReference(entries()) };
};
