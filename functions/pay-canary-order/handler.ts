import { canarySku } from '../../shared/domain/canary.ts';
import type { Clock } from '../../shared/domain/time.ts';
import type { ScheduledRun } from '../../shared/lambda/schedule-handler.ts';
import { finalStatusObjectiveMs } from '../../shared/observability/metric-catalogue.ts';
import type { CallApi, CanaryResponse } from './api.ts';

/** The names or ARNs of the functions that the canary calls. */
interface CanaryFunctions {
  readonly createOrder: string;
  readonly acceptPayment: string;
  readonly getPayment: string;
}

interface Dependencies {
  readonly functions: CanaryFunctions;
  readonly ensureProduct: () => Promise<unknown>;
  readonly call: CallApi;
  readonly sleep: (milliseconds: number) => Promise<unknown>;
  readonly clock: Clock;
}

/** What a canary order has shown. A failure is described for the log. */
export type CanaryResult =
  | {
      readonly outcome: 'succeeded';
      readonly paymentId: string;
      /** From accept to the final status, in milliseconds, by the times that the payment stores. */
      readonly tookMs: number;
    }
  | { readonly outcome: 'failed'; readonly reason: string; readonly paymentId?: string };

const pollMs = 1_000;

/**
 * Places and pays one order of nothing to pay, as a buyer does, and waits until it is paid. The keys come from the
 * scheduled time, so a repeated run finds the same order and the same payment. Fails if it is not paid within the
 * objective.
 */
export const payCanaryOrder =
  ({ functions, ensureProduct, call, sleep, clock }: Dependencies) =>
  async ({ tick }: ScheduledRun): Promise<CanaryResult> => {
    await ensureProduct();
    const key = `canary-${tick}`;
    const ordered = await call({
      functionName: functions.createOrder,
      method: 'POST',
      route: '/orders',
      key,
      body: { lines: [{ sku: canarySku, quantity: 1 }] },
    });
    if (ordered.status !== 201) return failed('POST /orders', ordered);
    const { orderId } = ordered.body;
    const accepted = await call({
      functionName: functions.acceptPayment,
      method: 'POST',
      route: '/payments',
      key,
      body: { orderId, order: ordered.body },
    });
    if (accepted.status !== 202) return failed('POST /payments', accepted);
    const paymentId = `${accepted.body.paymentId}`;

    const deadline = clock.now().getTime() + finalStatusObjectiveMs;
    for (;;) {
      const read = await call({
        functionName: functions.getPayment,
        method: 'GET',
        route: '/payments/{paymentId}',
        parameters: { paymentId },
      });
      if (read.status !== 200) return { ...failed(`GET /payments/${paymentId}`, read), paymentId };
      const { status, createdAt, updatedAt } = read.body;
      if (status === 'COMPLETED') {
        const tookMs = Date.parse(`${updatedAt}`) - Date.parse(`${createdAt}`);

        return tookMs <= finalStatusObjectiveMs
          ? { outcome: 'succeeded', paymentId, tookMs }
          : { outcome: 'failed', reason: `It was paid after ${tookMs} ms.`, paymentId };
      }
      if (clock.now().getTime() >= deadline)
        return { outcome: 'failed', reason: `It is still ${status}.`, paymentId };
      await sleep(pollMs);
    }
  };

const failed = (request: string, { status, body }: CanaryResponse) =>
  ({
    outcome: 'failed',
    reason: `${request} answered ${status} ${body.code ?? ''}`.trim(),
  }) as const;
