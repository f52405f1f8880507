import type { RefundWritten } from '../../shared/data/settle-refund.ts';
import type { Asked } from '../../shared/domain/asked.ts';
import { advanceRefund, type Refund, type RefundStep } from '../../shared/domain/refund.ts';
import { logger } from '../../shared/runtime/observability.ts';
import type { Dependencies } from './dependencies.ts';
import type { Meaning } from './meaning.ts';

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
  if (written === 'books-disagree') {
    const review = unbookable(refund, meaning, step);
    if (await deps.refunds.moved(refund, review)) return review;
  }
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

/** The PG has paid it back and our books cannot say so: a person must look, and its money stays set aside. */
const unbookable = (refund: Refund, meaning: Meaning, step: RefundStep): Refund => {
  const reason =
    'The PG has paid it back, but the spent balance, sold stock or order did not match it.';
  const failure = { code: 'books-disagree', reason, evidence: meaning.detail };
  const pg = meaning.name === 'succeeded' && { pg: meaning.pg };

  return advanceRefund(refund, 'reviewOpened', { ...step, change: { ...pg, failure } });
};
