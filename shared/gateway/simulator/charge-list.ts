import {
  type ChargeEntry,
  type ChargeList,
  maxPageBytes,
  paginate,
  parsePage,
  sumByReference,
} from '../charge-list.ts';
import type { SimulatorGatewayOptions } from './adapter.ts';
import { listResponse } from './protocol.ts';

/** Lists the simulator's captures and refunds page by page with `GET /charges`. */
export const createSimulatorChargeList = ({
  url,
  timeoutMs,
  timers,
  exchange,
  pageSize = 200,
}: SimulatorGatewayOptions & { readonly pageSize?: number }): ChargeList => {
  const fetchPage = async (after: string | undefined) => {
    const query = new URLSearchParams({ limit: `${pageSize}`, ...(after && { after }) });
    const address = new URL(`${url.replace(/\/+$/, '')}/charges?${query}`);
    const request = { method: 'GET', url: address, headers: {}, timeoutMs } as const;

    const { charges, refunds, next } = parsePage(
      await exchange({ ...request, maxResponseBytes: maxPageBytes }, timers),
      listResponse,
    );
    const items: readonly ChargeEntry[] = [
      ...charges.map(({ amount, ...charge }) => ({ ...charge, captured: amount, refunded: 0 })),
      ...refunds.map(({ amount, ...refund }) => ({ ...refund, captured: 0, refunded: amount })),
    ];

    return { items, next };
  };

  return { charges: () => sumByReference(paginate(fetchPage)) };
};
