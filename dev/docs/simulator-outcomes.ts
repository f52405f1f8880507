import type { Coupon, OrderStatus } from '../../shared/domain/orders/order.ts';
import type { BuyerStatus, PaymentStatus } from '../../shared/domain/payments/payment.ts';

/** What becomes of a payment by what the simulated PG does with its charge, with the times of the local stack. */
export interface SimulatorOutcome {
  readonly paymentMethod: string;
  /** From accept to the end, however often it was inquired about in UNKNOWN. */
  readonly states: readonly PaymentStatus[];
  /** What its buyer sees at last. */
  readonly status: BuyerStatus;
  /** What the PG has taken of the buyer in one charge, and whether it has paid that back; without it, it has taken nothing. */
  readonly capture?: { readonly minorUnitsTooMany: number; readonly isRefunded: boolean };
  /** In which column of the books the payment's money and units are. */
  readonly money: 'available' | 'held' | 'spent';
  readonly units: 'available' | 'reserved' | 'sold';
  readonly order: OrderStatus;
  readonly coupon: Coupon['status'];
  /** Nobody asks of it but for the PG's webhook. */
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
const compensated = ['FAILED', 'COMPENSATED'] as const;

export const simulatorOutcomes: readonly SimulatorOutcome[] = [
  { paymentMethod: 'sim_approve', states: [...answered, 'COMPLETED'], ...completedOutcome },
  { paymentMethod: 'sim_approve_slow', states: [...answered, 'COMPLETED'], ...completedOutcome },
  { paymentMethod: 'sim_decline', states: [...answered, ...compensated], ...compensatedOutcome },
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
];
