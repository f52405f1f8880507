import { acceptedRequests } from './accepted-requests.ts';
import { activePayment } from './active-payment.ts';
import { attempts } from './attempts.ts';
import { balances } from './balances.ts';
import { cancelledPayments } from './cancelled-payments.ts';
import type { Check } from './check.ts';
import { compensationRecords } from './compensation-records.ts';
import { completedPayments } from './completed-payments.ts';
import { couponUse } from './coupon-use.ts';
import { deadLetters } from './dead-letters.ts';
import { deliveries } from './deliveries.ts';
import { eventIdentity } from './event-identity.ts';
import { eventOrder } from './event-order.ts';
import { eventOrigin } from './event-origin.ts';
import { eventPublication } from './event-publication.ts';
import { eventSchemas } from './event-schemas.ts';
import { explainedReviews } from './explained-reviews.ts';
import { failedPayments } from './failed-payments.ts';
import { finalStatuses } from './final-statuses.ts';
import { gatewayBalance } from './gateway-balance.ts';
import { histories } from './histories.ts';
import { internalErrors } from './internal-errors.ts';
import { itemSize } from './item-size.ts';
import { messageCopies } from './message-copies.ts';
import { noSecrets } from './no-secrets.ts';
import { oneAnswer } from './one-answer.ts';
import { oneCapture } from './one-capture.ts';
import { openReviews } from './open-reviews.ts';
import { operatorScopes } from './operator-scopes.ts';
import { orderStatus } from './order-status.ts';
import { orderTotal } from './order-total.ts';
import { ownItems } from './own-items.ts';
import { paidOrder } from './paid-order.ts';
import { points } from './points.ts';
import { rankings } from './rankings.ts';
import { reconciliation } from './reconciliation.ts';
import { refundAtGateway } from './refund-at-gateway.ts';
import { refundLimits } from './refund-limits.ts';
import { settled } from './settled.ts';
import { skippedBookings } from './skipped-bookings.ts';
import { stock } from './stock.ts';
import { timelyRecovery } from './timely-recovery.ts';
import { transitions } from './transitions.ts';
import { versions } from './versions.ts';
import { webhookSignatures } from './webhook-signatures.ts';

/** Every check: requests, money and goods, gateway, state machines, events, consumers, operators. */
export const checks: readonly Check[] = [
  oneAnswer,
  acceptedRequests,
  ownItems,
  operatorScopes,
  webhookSignatures,
  internalErrors,
  noSecrets,
  balances,
  stock,
  couponUse,
  orderTotal,
  paidOrder,
  orderStatus,
  activePayment,
  attempts,
  oneCapture,
  gatewayBalance,
  refundAtGateway,
  refundLimits,
  failedPayments,
  completedPayments,
  cancelledPayments,
  compensationRecords,
  skippedBookings,
  reconciliation,
  versions,
  transitions,
  finalStatuses,
  histories,
  eventSchemas,
  eventIdentity,
  eventOrigin,
  eventOrder,
  eventPublication,
  messageCopies,
  deliveries,
  points,
  rankings,
  deadLetters,
  settled,
  timelyRecovery,
  openReviews,
  explainedReviews,
  itemSize,
];
