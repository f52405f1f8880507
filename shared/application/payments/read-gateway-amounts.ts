import { chargeReferenceOf } from '../../domain/payments/charge-reference.ts';
import type { Payment } from '../../domain/payments/payment.ts';
import type { GatewayHoldings } from '../../domain/reviews/gateway-difference.ts';
import { nonAmountDifferences } from '../../gateway/captured-amounts.ts';
import type { CapturedAmounts, PaymentGateway } from '../../gateway/payment-gateway.ts';

/** The amounts that the gateway has captured and refunded, or why they are not clear now. */
export type GatewayAmounts =
  | (Pick<GatewayHoldings, 'captured' | 'refunded' | 'detail'> & Pick<CapturedAmounts, 'dispute'>)
  | { readonly unclear: string };

interface ReadDependencies {
  readonly gateway: Pick<PaymentGateway, 'inquire'>;
  readonly now: Date;
  /** How long a new charge may be missing from the gateway's responses. */
  readonly windowMs: number;
}

const noAmounts = { captured: 0, refunded: 0 };

/** Inquires about the charge of a final payment. */
export const readGatewayAmounts = async (
  { gateway, now, windowMs }: ReadDependencies,
  payment: Payment,
): Promise<GatewayAmounts> => {
  const found = await gateway.inquire(chargeReferenceOf(payment));
  switch (found.outcome) {
    case 'approved':
    case 'mismatch': {
      const { captured, refunded, dispute } = found;
      if (captured === undefined || refunded === undefined) {
        return { unclear: `${found.transactionId}: remaining amount not reported` };
      }
      const mismatches = 'differences' in found ? found.differences : [];
      // Money of another currency or reference does not belong to this payment.
      const isAmountOnly = nonAmountDifferences(mismatches).length === 0;

      return {
        ...(isAmountOnly ? { captured, refunded } : noAmounts),
        ...(dispute && { dispute }),
        ...(mismatches.length > 0 && { detail: mismatches.join(', ') }),
      };
    }
    case 'declined':
      return { ...noAmounts, detail: `declined: ${found.code}` };
    case 'not-found':
      return now.getTime() - Date.parse(payment.updatedAt) < windowMs
        ? { unclear: 'not found yet' }
        : { ...noAmounts, detail: 'not found' };
    default:
      return { unclear: 'reason' in found ? `${found.outcome}: ${found.reason}` : found.outcome };
  }
};
