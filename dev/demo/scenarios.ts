import type { Line } from '../local/api-client.ts';

/** A payment of the demo, and how it must end. */
export interface Scenario {
  readonly buyer: string;
  readonly lines: readonly Line[];
  readonly couponId?: string;
  /** What the simulated PG does. */
  readonly paymentMethod: string;
  readonly description: string;
  readonly expected: {
    /** Of POST /payments. */
    readonly answer: 202 | 402 | 409;
    /** What the buyer sees at last, and the state behind it. */
    readonly status: string;
    readonly stage: string;
    readonly order: string;
    readonly coupon?: string;
  };
}

const compensated = { status: 'FAILED', stage: 'COMPENSATED', order: 'CANCELLED' } as const;

/** Wakes the functions, so that the others show what a buyer sees on a day like any other. */
export const warmUpScenario: Scenario = {
  buyer: 'zoe',
  lines: [{ sku: 'tea', quantity: 1 }],
  paymentMethod: 'sim_approve',
  description: 'the PG approves; the first payment of all, so each function still has to start',
  expected: { answer: 202, status: 'COMPLETED', stage: 'COMPLETED', order: 'COMPLETED' },
};

/** One buyer each, so that everybody's books tell one story. */
export const scenarios: readonly Scenario[] = [
  {
    buyer: 'alice',
    lines: [
      { sku: 'tea', quantity: 2 },
      { sku: 'coffee', quantity: 1 },
    ],
    paymentMethod: 'sim_approve',
    description: 'the PG approves, and now they are warm',
    expected: { answer: 202, status: 'COMPLETED', stage: 'COMPLETED', order: 'COMPLETED' },
  },
  {
    buyer: 'bob',
    lines: [{ sku: 'cup', quantity: 1 }],
    paymentMethod: 'sim_approve_slow',
    description: 'the PG approves after 5 s, and bob is not kept waiting',
    expected: { answer: 202, status: 'COMPLETED', stage: 'COMPLETED', order: 'COMPLETED' },
  },
  {
    buyer: 'carol',
    lines: [{ sku: 'cup', quantity: 1 }],
    couponId: 'welcome-carol',
    paymentMethod: 'sim_decline',
    description: 'the PG declines: stock, balance, order and coupon are restored',
    expected: { answer: 202, ...compensated, coupon: 'AVAILABLE' },
  },
  {
    buyer: 'dave',
    lines: [{ sku: 'kettle', quantity: 2 }],
    paymentMethod: 'sim_approve',
    description: 'there is one kettle: refused at once, nothing taken',
    expected: { answer: 409, ...compensated },
  },
  {
    buyer: 'erin',
    lines: [{ sku: 'cup', quantity: 1 }],
    paymentMethod: 'sim_approve',
    description: 'the balance is too short: refused at once, nothing taken',
    expected: { answer: 402, ...compensated },
  },
  {
    buyer: 'frank',
    lines: [{ sku: 'coffee', quantity: 1 }],
    paymentMethod: 'sim_timeout_after_effect',
    description:
      'the PG charges and its answer is lost: it is inquired, and nothing is charged twice',
    expected: { answer: 202, status: 'COMPLETED', stage: 'COMPLETED', order: 'COMPLETED' },
  },
];
