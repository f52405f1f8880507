import { paymentIdOfReference } from '../../../shared/domain/payments/charge-reference.ts';
import type { GatewayTruth, SimulatedGateway } from './gateway.ts';

type Gateway = Pick<SimulatedGateway, 'references' | 'truthOf' | 'stateOf'>;

/** The references of a payment's attempts that the gateway knows. */
export const attemptsOf = ({ references }: Gateway, paymentId: string): readonly string[] =>
  references().filter((reference) => paymentIdOfReference(reference) === paymentId);

/** What the gateway has done for all attempts of a payment until now. */
export const truthOfPayment = (gateway: Gateway, paymentId: string): GatewayTruth => {
  const truths = attemptsOf(gateway, paymentId).map(gateway.truthOf);
  const sum = (part: 'captures' | 'captured' | 'refunded') =>
    truths.reduce((total, truth) => total + truth[part], 0);
  const cancelledAt = truths.findLast((truth) => truth.cancelledAt !== undefined)?.cancelledAt;

  return {
    captures: sum('captures'),
    captured: sum('captured'),
    refunded: sum('refunded'),
    refundKeys: truths.flatMap(({ refundKeys }) => refundKeys),
    isPending: truths.some(({ isPending }) => isPending),
    isUndecided: truths.some(({ isUndecided }) => isUndecided),
    ...(cancelledAt !== undefined && { cancelledAt }),
  };
};

/** How many refunds the gateway has made for all attempts of a payment, also by hand. */
export const refundsOfPayment = (gateway: Gateway, paymentId: string): number =>
  attemptsOf(gateway, paymentId).reduce(
    (total, reference) => total + gateway.stateOf(reference).refunded.length,
    0,
  );

/** The reference of the attempt that the gateway has captured; the paymentId if there is none. */
export const capturedReferenceOf = (gateway: Gateway, paymentId: string): string =>
  attemptsOf(gateway, paymentId).find((reference) => gateway.truthOf(reference).captures > 0) ??
  paymentId;
