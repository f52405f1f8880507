import { systemTimers } from '../../config/timers.ts';
import {
  type ChargeLedger,
  largestPageBytes,
  type Movement,
  pageIn,
  summed,
} from '../charge-list.ts';
import { exchange } from '../http-exchange.ts';
import type { SimulatorGatewayOptions } from './adapter.ts';
import { listAnswer } from './protocol.ts';

/** What the simulator has, by the pages of `GET /charges`. */
export const simulatorLedger = ({
  url,
  timeoutMs,
  timers = systemTimers,
  pageSize = 200,
}: SimulatorGatewayOptions & { readonly pageSize?: number }): ChargeLedger => {
  const page = async (after: string | undefined) => {
    const query = new URLSearchParams({ limit: `${pageSize}`, ...(after && { after }) });
    const address = new URL(`${url.replace(/\/+$/, '')}/charges?${query}`);
    const request = { method: 'GET', url: address, headers: {}, timeoutMs } as const;

    return pageIn(
      await exchange({ ...request, largestAnswerBytes: largestPageBytes }, timers),
      listAnswer,
    );
  };

  const movements = async function* (): AsyncIterable<Movement> {
    let after: string | undefined;
    do {
      const { charges, refunds, next } = await page(after);
      for (const { amount, ...charge } of charges)
        yield { ...charge, captured: amount, refunded: 0 };
      for (const { amount, ...refund } of refunds)
        yield { ...refund, captured: 0, refunded: amount };
      after = next;
    } while (after !== undefined);
  };

  return { charges: () => summed(movements()) };
};
