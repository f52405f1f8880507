import type { Line } from '../local/api-client.ts';

/** A payment of the demo and its expected result. */
export interface Scenario {
  readonly buyer: string;
  readonly lines: readonly Line[];
  readonly couponId?: string;
  /** Another system deletes the coupon after the order is placed. */
  readonly isCouponDeleted?: true;
  /** Minor units to take from the balance. None by default. */
  readonly balanceAmount?: number;
  /** Decides what the simulated gateway does with its part. Absent if the balance pays all. */
  readonly paymentMethod?: string;
  readonly description: string;
  readonly expected: {
    /** HTTP status of POST /payments. */
    readonly answer: 202 | 402 | 409;
    /** The final status for the buyer, and the internal state. */
    readonly status: string;
    readonly stage: string;
    readonly order: string;
    readonly coupon?: string;
  };
}

/** Expected of a payment that is paid. */
export const completed = { status: 'COMPLETED', stage: 'COMPLETED', order: 'COMPLETED' } as const;
/** Expected of a payment that fails: everything is back. */
export const compensated = { status: 'FAILED', stage: 'COMPENSATED', order: 'CANCELLED' } as const;

/** Starts the functions, so that the other scenarios show the usual response times. */
export const warmUpScenario: Scenario = {
  buyer: 'zoe',
  lines: [{ sku: 'tea', quantity: 1 }],
  balanceAmount: 1_500,
  paymentMethod: 'sim_approve',
  description: 'the gateway approves; the first payment, so every function has a cold start',
  expected: { answer: 202, ...completed },
};

/** Each scenario has a buyer of its own, so that each balance shows one payment. */
export const scenarios: readonly Scenario[] = [
  {
    buyer: 'alice',
    lines: [
      { sku: 'tea', quantity: 2 },
      { sku: 'coffee', quantity: 1 },
    ],
    balanceAmount: 9_000,
    paymentMethod: 'sim_approve',
    description: 'the gateway approves, and the functions are warm',
    expected: { answer: 202, ...completed },
  },
  {
    buyer: 'bob',
    lines: [{ sku: 'cup', quantity: 1 }],
    balanceAmount: 3_000,
    paymentMethod: 'sim_approve_slow',
    description: 'the gateway approves after 5 s, and bob does not wait for it',
    expected: { answer: 202, ...completed },
  },
  {
    buyer: 'carol',
    lines: [{ sku: 'cup', quantity: 1 }],
    couponId: 'welcome-carol',
    balanceAmount: 6_000,
    paymentMethod: 'sim_decline',
    description: 'the gateway declines: one transaction restores stock, balance, order and coupon',
    expected: { answer: 202, ...compensated, coupon: 'AVAILABLE' },
  },
  {
    buyer: 'ivan',
    lines: [{ sku: 'cup', quantity: 1 }],
    couponId: 'welcome-ivan',
    isCouponDeleted: true,
    balanceAmount: 6_000,
    paymentMethod: 'sim_decline',
    description:
      'the gateway declines, and the coupon has been deleted: one transaction cannot compensate it, so Step Functions runs each step',
    expected: { answer: 202, ...compensated, coupon: 'none' },
  },
  {
    buyer: 'dave',
    lines: [{ sku: 'kettle', quantity: 2 }],
    balanceAmount: 50_000,
    paymentMethod: 'sim_approve',
    description: 'only one kettle in stock: rejected immediately, nothing reserved',
    expected: { answer: 409, ...compensated },
  },
  {
    buyer: 'erin',
    lines: [{ sku: 'cup', quantity: 1 }],
    balanceAmount: 15_000,
    paymentMethod: 'sim_approve',
    description: 'insufficient balance: rejected immediately, nothing reserved',
    expected: { answer: 402, ...compensated },
  },
  {
    buyer: 'frank',
    lines: [{ sku: 'coffee', quantity: 1 }],
    balanceAmount: 5_000,
    paymentMethod: 'sim_timeout_after_effect',
    description:
      'the gateway charges and its response is lost: an inquiry finds the charge, and no second one is sent',
    expected: { answer: 202, ...completed },
  },
  {
    buyer: 'grace',
    lines: [{ sku: 'cup', quantity: 1 }],
    paymentMethod: 'sim_approve',
    description: 'grace has no balance: the gateway charges all of it',
    expected: { answer: 202, ...completed },
  },
  {
    buyer: 'henry',
    lines: [{ sku: 'tea', quantity: 2 }],
    balanceAmount: 7_000,
    description: 'the balance pays all of it: the gateway is not called',
    expected: { answer: 202, ...completed },
  },
];
