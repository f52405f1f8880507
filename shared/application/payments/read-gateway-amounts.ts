import { chargeReferenceOf, otherAttemptsOf } from '../../domain/payments/charge-reference.ts';
import type { Payment } from '../../domain/payments/payment.ts';
import type { GatewayHoldings } from '../../domain/reviews/gateway-difference.ts';
import { nonAmountDifferences } from '../../gateway/captured-amounts.ts';
import type {
  CapturedAmounts,
  DeclinedCharge,
  InquiryOutcome,
  NotFound,
  PaymentGateway,
} from '../../gateway/payment-gateway.ts';

/** The amounts that the gateway has captured and refunded, or why they are not clear now. */
export type GatewayAmounts =
  | (Pick<GatewayHoldings, 'captured' | 'refunded' | 'detail'> & Pick<CapturedAmounts, 'dispute'>)
  | Unclear;

interface Unclear {
  readonly unclear: string;
}

interface ReadDependencies {
  readonly gateway: Pick<PaymentGateway, 'inquire'>;
  readonly now: Date;
  /** How long a new charge may be missing from the gateway's responses. */
  readonly windowMs: number;
}

const noAmounts = { captured: 0, refunded: 0 };

/**
 * Inquires about the charge of a final payment, and about its earlier attempts: the gateway has declined them, and
 * what it has captured of them all the same counts as well.
 */
export const readGatewayAmounts = async (
  dependencies: ReadDependencies,
  payment: Payment,
): Promise<GatewayAmounts> => {
  const [last, ...earlier] = await Promise.all([
    readLastAttempt(dependencies, payment),
    ...otherAttemptsOf(payment).map(async (attempt) => ({
      attempt,
      amounts: await readEarlierAttempt(dependencies, attempt),
    })),
  ]);

  return earlier.reduce<GatewayAmounts>(addAttempt, last);
};

interface EarlierAttempt {
  readonly attempt: Payment;
  readonly amounts: GatewayAmounts;
}

const addAttempt = (
  total: GatewayAmounts,
  { attempt: { attempt }, amounts: earlier }: EarlierAttempt,
): GatewayAmounts => {
  if ('unclear' in total) return total;
  if ('unclear' in earlier) return { unclear: `attempt ${attempt}: ${earlier.unclear}` };
  const { captured, refunded, detail } = earlier;
  if (captured === 0 && detail === undefined) return total;
  const observed = `attempt ${attempt}: captured ${captured}, refunded ${refunded}`;
  const details = [total.detail ?? [], observed, detail ?? []].flat();

  return {
    ...total,
    captured: total.captured + captured,
    refunded: total.refunded + refunded,
    detail: details.join(', '),
  };
};

const readEarlierAttempt = async (
  { gateway }: ReadDependencies,
  attempt: Payment,
): Promise<GatewayAmounts> => {
  const found = await gateway.inquire(chargeReferenceOf(attempt));
  const isAbsent = found.outcome === 'declined' || found.outcome === 'not-found';

  return isAbsent ? noAmounts : amountsOf(found);
};

const readLastAttempt = async (
  { gateway, now, windowMs }: ReadDependencies,
  payment: Payment,
): Promise<GatewayAmounts> => {
  const found = await gateway.inquire(chargeReferenceOf(payment));
  if (found.outcome === 'declined') return { ...noAmounts, detail: `declined: ${found.code}` };
  if (found.outcome !== 'not-found') return amountsOf(found);

  return now.getTime() - Date.parse(payment.updatedAt) < windowMs
    ? { unclear: 'not found yet' }
    : { ...noAmounts, detail: 'not found' };
};

/** The amounts of an answer that is neither a decline nor "not found". */
const amountsOf = (found: Exclude<InquiryOutcome, DeclinedCharge | NotFound>): GatewayAmounts => {
  if (found.outcome !== 'approved' && found.outcome !== 'mismatch')
    return { unclear: 'reason' in found ? `${found.outcome}: ${found.reason}` : found.outcome };
  const { captured, refunded, dispute } = found;
  if (captured === undefined || refunded === undefined)
    return { unclear: `${found.transactionId}: remaining amount not reported` };
  const mismatches = 'differences' in found ? found.differences : [];
  // Money of another currency or reference does not belong to this payment.
  const isAmountOnly = nonAmountDifferences(mismatches).length === 0;

  return {
    ...(isAmountOnly ? { captured, refunded } : noAmounts),
    ...(dispute && { dispute }),
    ...(mismatches.length > 0 && { detail: mismatches.join(', ') }),
  };
};
