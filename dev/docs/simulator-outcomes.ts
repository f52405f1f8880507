import type { Coupon, OrderStatus } from '../../shared/domain/orders/order.ts';
import type {
  BuyerDeclineCode,
  OwnFailureCode,
} from '../../shared/domain/payments/buyer-failure.ts';
import type { BuyerStatus } from '../../shared/domain/payments/buyer-status.ts';
import type { PaymentStatus } from '../../shared/domain/payments/payment.ts';

type BuyerStep = 'approves' | 'declines' | 'cancels';

/** The final state of a payment for one behaviour of the simulated gateway, with the timings of the local stack. */
export interface SimulatorOutcome {
  readonly paymentMethod: string;
  /** What the buyer does while the gateway waits: decides on its page, or cancels the payment. Absent if it does not wait. */
  readonly buyer?: readonly BuyerStep[];
  /** From accept to the end. Repeated inquiries in UNKNOWN count once. */
  readonly states: readonly PaymentStatus[];
  /** The buyer's final status. */
  readonly status: BuyerStatus;
  /** The code of the failure that the buyer sees. */
  readonly code?: BuyerDeclineCode | OwnFailureCode;
  /** The captured charge, and whether it was refunded. Undefined if the gateway captured nothing. */
  readonly capture?: { readonly minorUnitsTooMany: number; readonly isRefunded: boolean };
  /** The columns of balance and stock that hold the money and the units. */
  readonly money: 'available' | 'held' | 'spent';
  readonly units: 'available' | 'reserved' | 'sold';
  readonly order: OrderStatus;
  readonly coupon: Coupon['status'];
  /** Only a webhook causes its inquiry. */
  readonly needsWebhook?: boolean;
}

const capture = { minorUnitsTooMany: 0, isRefunded: false };

const completedOutcome = {
  status: 'COMPLETED',
  capture,
  money: 'spent',
  units: 'sold',
  order: 'COMPLETED',
  coupon: 'USED',
} as const;

const compensatedOutcome = {
  status: 'FAILED',
  money: 'available',
  units: 'available',
  order: 'CANCELLED',
  coupon: 'AVAILABLE',
} as const;

const answered = ['RESERVED', 'CHARGING'] as const;
const unknown = [...answered, 'UNKNOWN'] as const;
const waited = [...answered, 'REQUIRES_ACTION'] as const;
const compensated = ['FAILED', 'COMPENSATED'] as const;

const declinedOutcome = (paymentMethod: string, code: BuyerDeclineCode): SimulatorOutcome => ({
  paymentMethod,
  code,
  states: [...answered, ...compensated],
  ...compensatedOutcome,
});

export const simulatorOutcomes: readonly SimulatorOutcome[] = [
  { paymentMethod: 'sim_approve', states: [...answered, 'COMPLETED'], ...completedOutcome },
  { paymentMethod: 'sim_approve_slow', states: [...answered, 'COMPLETED'], ...completedOutcome },
  declinedOutcome('sim_decline', 'insufficient-funds'),
  declinedOutcome('sim_decline_stolen_card', 'card-declined'),
  declinedOutcome('sim_decline_expired_card', 'expired-card'),
  declinedOutcome('sim_decline_authentication', 'authentication-failed'),
  declinedOutcome('sim_decline_limit', 'limit-exceeded'),
  declinedOutcome('sim_decline_not_supported', 'method-not-supported'),
  declinedOutcome('sim_decline_try_later', 'try-again-later'),
  {
    paymentMethod: 'sim_timeout_before_effect',
    states: [...unknown, ...compensated],
    ...compensatedOutcome,
  },
  {
    paymentMethod: 'sim_timeout_after_effect',
    states: [...unknown, 'COMPLETED'],
    ...completedOutcome,
  },
  {
    paymentMethod: 'sim_error_after_effect',
    states: [...unknown, 'COMPLETED'],
    ...completedOutcome,
  },
  {
    paymentMethod: 'sim_garbage_after_effect',
    states: [...unknown, 'COMPLETED'],
    ...completedOutcome,
  },
  {
    paymentMethod: 'sim_unlisted_code',
    states: [...unknown, ...compensated],
    ...compensatedOutcome,
  },
  {
    paymentMethod: 'sim_wrong_amount',
    states: [...answered, 'IN_REVIEW'],
    status: 'UNDER_REVIEW',
    capture: { ...capture, minorUnitsTooMany: 1 },
    money: 'held',
    units: 'reserved',
    order: 'PAYING',
    coupon: 'USED',
  },
  { paymentMethod: 'sim_in_progress', states: [...unknown, 'COMPLETED'], ...completedOutcome },
  {
    paymentMethod: 'sim_late_approve',
    states: [...unknown, ...compensated, 'LATE_CAPTURED', 'REVERSED'],
    ...compensatedOutcome,
    capture: { ...capture, isRefunded: true },
  },
  {
    paymentMethod: 'sim_decline_late_approve',
    states: [...answered, ...compensated, 'LATE_CAPTURED', 'REVERSED'],
    ...compensatedOutcome,
    capture: { ...capture, isRefunded: true },
    needsWebhook: true,
  },
  { paymentMethod: 'sim_webhook_twice', states: [...unknown, 'COMPLETED'], ...completedOutcome },
  { paymentMethod: 'sim_webhook_late', states: [...unknown, 'COMPLETED'], ...completedOutcome },
  {
    paymentMethod: 'sim_webhook_out_of_order',
    states: [...unknown, 'COMPLETED'],
    ...completedOutcome,
  },
  {
    paymentMethod: 'sim_challenge',
    buyer: ['approves'],
    states: [...waited, 'COMPLETED'],
    ...completedOutcome,
    needsWebhook: true,
  },
  {
    paymentMethod: 'sim_challenge',
    buyer: ['declines'],
    code: 'authentication-failed',
    states: [...waited, ...compensated],
    ...compensatedOutcome,
    needsWebhook: true,
  },
  {
    paymentMethod: 'sim_challenge_frictionless',
    states: [...answered, 'COMPLETED'],
    ...completedOutcome,
  },
  {
    paymentMethod: 'sim_challenge_abandoned',
    buyer: ['approves', 'cancels'],
    code: 'cancelled-by-buyer',
    states: [...waited, ...compensated],
    ...compensatedOutcome,
  },
  {
    paymentMethod: 'sim_challenge_twice',
    buyer: ['approves'],
    states: [...waited, 'COMPLETED'],
    ...completedOutcome,
    needsWebhook: true,
  },
  {
    paymentMethod: 'sim_challenge_late',
    buyer: ['cancels', 'approves'],
    code: 'cancelled-by-buyer',
    states: [...waited, ...compensated, 'LATE_CAPTURED', 'REVERSED'],
    ...compensatedOutcome,
    capture: { ...capture, isRefunded: true },
    needsWebhook: true,
  },
];
