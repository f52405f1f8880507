import type { Refund } from '../../shared/domain/refunds/refund.ts';
import { backoffSince } from '../../shared/domain/timings.ts';
import { noted } from '../../shared/gateway/recording-gateway.ts';
import { Postponed } from '../../shared/lambda/sqs-handler.ts';
import { meaningOf } from './decide-refund.ts';
import type { Dependencies } from './dependencies.ts';
import { record } from './record-refund-outcome.ts';
import { askPg } from './refund-gateway.ts';

/** Where a step has left a refund, and when the next one is due; without a time nothing more is to be asked. */
export type Stepped = Pick<Refund, 'status' | 'version'> & { readonly dueAt?: string | undefined };

/** Of one step: each raises the version, so that two messages at once ask the PG once. */
export const keyOf = ({ refundId, version }: Refund) => JSON.stringify([refundId, version]);

/** Asks the PG once for a refund that is due, or about it, and writes what its answer means. */
export const nextStep =
  (deps: Dependencies) =>
  async (refund: Refund): Promise<Stepped> => {
    const { gateway, asked } = noted(deps.gateway);
    const finding = await askPg({ ...deps, gateway }, refund);
    if (finding.outcome === 'not-sent') {
      const { clock, timings } = deps;
      const afterMs = backoffSince(refund.updatedAt, clock.now(), timings);
      // Nothing was done at the PG: the refund stays as it was, and none of its tries is used up.
      await deps.refunds.takenInHand(refund, dueAfter(clock.now(), afterMs));
      throw new Postponed(`not sent: ${finding.reason}`, afterMs);
    }
    const meaning = meaningOf(finding, refund, deps.clock.now(), deps.timings);
    const { status, version, dueAt } = await record(deps, refund, meaning, asked);

    // Under review it is due for its review alone: the PG is not asked again.
    return { status, version, ...(status === 'REQUESTED' && { dueAt }) };
  };

const dueAfter = (now: Date, ms: number): string => new Date(now.getTime() + ms).toISOString();
