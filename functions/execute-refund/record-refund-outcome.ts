import type { RefundWriteResult } from '../../shared/application/refunds/settle-refund.ts';
import type { GatewayCall } from '../../shared/domain/gateway-call.ts';
import {
  type Refund,
  type RefundTransitionInput,
  transitionRefund,
} from '../../shared/domain/refunds/refund.ts';
import { logger } from '../../shared/observability/logger.ts';
import type { RefundDecision } from './decide-refund.ts';
import type { ExecuteRefundDependencies } from './dependencies.ts';

const by = 'execute-refund';

/**
 * Records a decision if the refund has not changed since the gateway call. Returns the refund that was
 * written, or the one that was read if another write was first.
 */
export const recordRefundOutcome = async (
  deps: ExecuteRefundDependencies,
  refund: Refund,
  decision: RefundDecision,
  gatewayCalls: readonly GatewayCall[],
): Promise<Refund> => {
  const step = { at: deps.clock.now(), by, detail: decision.detail, gatewayCalls };
  const written = await writeDecision(deps, refund, decision, step);
  if (typeof written === 'object') return written;
  const { refundId, paymentId, version } = refund;
  logger.warn('outcome not recorded: version conflict', {
    refundId,
    paymentId,
    version,
    detail: decision.detail,
  });

  return refund;
};

const writeDecision = async (
  { refunds, settle, fail }: ExecuteRefundDependencies,
  refund: Refund,
  decision: RefundDecision,
  step: Required<Omit<RefundTransitionInput, 'change'>>,
): Promise<RefundWriteResult> => {
  switch (decision.name) {
    case 'succeeded':
      return settle(refund, { ...step, ...(decision.pg && { pg: decision.pg }) });
    case 'failed':
      return fail(refund, { ...step, failure: decision.failure });
    default: {
      const after = transitionRefund(refund, decision.name, { ...step, change: decision.change });

      return (await refunds.tryUpdate(refund, after)) ? after : 'version-conflict';
    }
  }
};
