import type { Line } from '../local/api-client.ts';

/** A payment of the demo, and how it must end. */
export interface Scenario {
  readonly buyer: string;
  readonly lines: readonly Line[];
  readonly couponId?: string;
  /** What the simulated PG does. */
  readonly paymentMethod: string;
  readonly story: string;
  readonly promise: {
    /** Of POST /payments. */
    readonly answer: 202 | 402 | 409;
    /** What the buyer sees at last, and the state behind it. */
    readonly status: string;
    readonly stage: string;
    readonly order: string;
    readonly coupon?: string;
  };
}

const undone = { status: 'FAILED', stage: 'COMPENSATED', order: 'CANCELLED' } as const;

/** Wakes the functions, so that the others show what a buyer sees on a day like any other. */
export const firstOfAll: Scenario = {
  buyer: 'zoe',
  lines: [{ sku: 'tea', quantity: 1 }],
  paymentMethod: 'sim_approve',
  story: 'the PG approves; the first payment of all, so each function still has to start',
  promise: { answer: 202, status: 'COMPLETED', stage: 'COMPLETED', order: 'COMPLETED' },
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
    story: 'the PG approves, and now they are warm',
    promise: { answer: 202, status: 'COMPLETED', stage: 'COMPLETED', order: 'COMPLETED' },
  },
  {
    buyer: 'bob',
    lines: [{ sku: 'cup', quantity: 1 }],
    paymentMethod: 'sim_approve_slow',
    story: 'the PG approves after 5 s, and bob is not kept waiting',
    promise: { answer: 202, status: 'COMPLETED', stage: 'COMPLETED', order: 'COMPLETED' },
  },
  {
    buyer: 'carol',
    lines: [{ sku: 'cup', quantity: 1 }],
    couponId: 'welcome-carol',
    paymentMethod: 'sim_decline',
    story: 'the PG declines: stock, balance, order and coupon are restored',
    promise: { answer: 202, ...undone, coupon: 'AVAILABLE' },
  },
  {
    buyer: 'dave',
    lines: [{ sku: 'kettle', quantity: 2 }],
    paymentMethod: 'sim_approve',
    story: 'there is one kettle: refused at once, nothing taken',
    promise: { answer: 409, ...undone },
  },
  {
    buyer: 'erin',
    lines: [{ sku: 'cup', quantity: 1 }],
    paymentMethod: 'sim_approve',
    story: 'the balance is too short: refused at once, nothing taken',
    promise: { answer: 402, ...undone },
  },
  {
    buyer: 'frank',
    lines: [{ sku: 'coffee', quantity: 1 }],
    paymentMethod: 'sim_timeout_after_effect',
    story: 'the PG charges and its answer is lost: it is inquired, and nothing is charged twice',
    promise: { answer: 202, status: 'COMPLETED', stage: 'COMPLETED', order: 'COMPLETED' },
  },
];
