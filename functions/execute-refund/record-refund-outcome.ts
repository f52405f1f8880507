import type { RefundWritten } from '../../shared/application/refunds/settle-refund.ts';
import type { Asked } from '../../shared/domain/gateway-call.ts';
import { advanceRefund, type Refund, type RefundStep } from '../../shared/domain/refunds/refund.ts';
import { logger } from '../../shared/observability/logger.ts';
import type { Meaning } from './decide-refund.ts';
import type { Dependencies } from './dependencies.ts';

const by = 'execute-refund';

/**
 * Writes what the PG's answer means, if the refund is still as it was when the PG was asked. Gives the refund as it was written, or as
 * it was where another write has decided meanwhile.
 */
export const record = async (
  deps: Dependencies,
  refund: Refund,
  meaning: Meaning,
  asked: readonly Asked[],
): Promise<Refund> => {
  const step = { at: deps.clock.now(), by, detail: meaning.detail, asked };
  const written = await write(deps, refund, meaning, step);
  if (typeof written === 'object') return written;
  const { refundId, paymentId, version } = refund;
  logger.warn('outcome refused', { refundId, paymentId, version, detail: meaning.detail });

  return refund;
};

const write = async (
  { refunds, settle, fail }: Dependencies,
  refund: Refund,
  meaning: Meaning,
  step: Required<Omit<RefundStep, 'change'>>,
): Promise<RefundWritten> => {
  switch (meaning.name) {
    case 'succeeded':
      return settle(refund, { ...step, pg: meaning.pg });
    case 'failed':
      return fail(refund, { ...step, failure: meaning.failure });
    default: {
      const after = advanceRefund(refund, meaning.name, { ...step, change: meaning.change });

      return (await refunds.moved(refund, after)) ? after : 'superseded';
    }
  }
};
