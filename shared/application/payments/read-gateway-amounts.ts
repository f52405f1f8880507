import { chargeOf } from '../../domain/payments/charge-idempotency-key.ts';
import type { Payment } from '../../domain/payments/payment.ts';
import type { HeldAtGateway } from '../../domain/reviews/gateway-difference.ts';
import type { PaymentGateway } from '../../gateway/payment-gateway.ts';

/** What the gateway holds of a payment that has ended; or why it cannot be told now. */
export type Held =
  | Pick<HeldAtGateway, 'captured' | 'refunded' | 'detail'>
  | { readonly unclear: string };

interface Asking {
  readonly gateway: Pick<PaymentGateway, 'inquire'>;
  readonly now: Date;
  /** How long a charge may be missing from what the gateway shows. */
  readonly windowMs: number;
}

const nothing = { captured: 0, refunded: 0 };

/** Asks about the charge of a payment. */
export const heldAtGateway = async (
  { gateway, now, windowMs }: Asking,
  payment: Payment,
): Promise<Held> => {
  const found = await gateway.inquire(chargeOf(payment));
  switch (found.outcome) {
    case 'approved':
    case 'mismatch': {
      const { captured, refunded } = found;
      if (captured === undefined || refunded === undefined) {
        return { unclear: `${found.transactionId}: it is not said what is left` };
      }
      const others = 'differences' in found ? found.differences : [];
      // Money of another currency or reference is none of this payment's.
      const isOurs = others.every((difference) => difference.startsWith('amount:'));

      return {
        ...(isOurs ? { captured, refunded } : nothing),
        ...(others.length > 0 && { detail: others.join(', ') }),
      };
    }
    case 'declined':
      return { ...nothing, detail: `declined: ${found.code}` };
    case 'not-found':
      return now.getTime() - Date.parse(payment.updatedAt) < windowMs
        ? { unclear: 'not found yet' }
        : { ...nothing, detail: 'not found' };
    default:
      return { unclear: 'reason' in found ? `${found.outcome}: ${found.reason}` : found.outcome };
  }
};
