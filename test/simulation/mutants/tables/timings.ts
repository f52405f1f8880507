import type { Mutant } from '../mutant.ts';

const file = 'shared/domain/timings.ts';
const times = 'test/unit/domain/timings.test.ts';
const rules = 'test/infra/events.test.ts';

/** Faults in the times of the service: of the local stage, and of the stages on AWS. */
export const timingMutants: readonly Mutant[] = [
  {
    name: 'lease-shorter-than-charge',
    breaks: 'A second charger takes a payment while the first one waits for the gateway.',
    kind: 'wiring',
    file,
    find: 'claimLeaseMs: 20 * second,',
    replace: 'claimLeaseMs: 2 * second,',
    unitTests: [rules],
  },
  {
    name: 'lease-shorter-than-charge-on-aws',
    breaks: 'A second charger takes a payment while the first one waits for the gateway.',
    kind: 'wiring',
    file,
    find: 'claimLeaseMs: 45 * second,',
    replace: 'claimLeaseMs: 5 * second,',
    unitTests: [rules],
  },
  {
    name: 'no-in-flight-window',
    breaks: 'A charge that is still in flight counts as not made, and its buyer pays for nothing.',
    kind: 'wiring',
    file,
    find: 'inFlightWindowMs: 10 * minute,',
    replace: 'inFlightWindowMs: 0,',
    unitTests: [rules],
  },
  {
    name: 'hold-expires-in-seconds',
    breaks: 'A payment fails because the gateway was out of reach for some seconds.',
    kind: 'wiring',
    file,
    find: 'holdExpiryMs: 5 * minute,',
    replace: 'holdExpiryMs: 2 * second,',
    unitTests: ['test/unit/functions/charge-payment', rules],
  },
  {
    name: 'one-late-capture-check',
    breaks: 'The money of a charge that is captured after a minute stays at the gateway.',
    kind: 'wiring',
    file,
    find: 'lateCaptureCheckDelaysMs: [10 * minute, hour, 24 * hour],',
    replace: 'lateCaptureCheckDelaysMs: [minute],',
    unitTests: [times, 'test/unit/functions/inquire-payment'],
  },
  {
    name: 'forgotten-key-trusted',
    breaks: 'The gateway refunds twice: it has forgotten a key that the service still trusts.',
    kind: 'wiring',
    file,
    find: 'inFlightWindowMs: 10 * minute,\n    gatewayIdempotencyTtlMs: 24 * hour,',
    replace: 'inFlightWindowMs: 10 * minute,\n    gatewayIdempotencyTtlMs: 240 * hour,',
    unitTests: [times, 'test/unit/functions/execute-refund'],
  },
];
