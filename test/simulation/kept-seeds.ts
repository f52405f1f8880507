import type { RunChoices } from './command-line.ts';

/** A seed that once had a finding. */
export interface KeptSeed {
  readonly seed: number;
  readonly choices: RunChoices;
  /** What was found, in one sentence. */
  readonly reason: string;
}

/** Every seed that once had a finding, of the service or with a planted fault. They run in `npm test`. */
export const keptSeeds: readonly KeptSeed[] = [
  {
    seed: 73,
    choices: { stage: 'local', adapter: 'toss' },
    reason:
      'A charge is captured after its payment was compensated: no late-capture check, no refund.',
  },
  {
    seed: 20357,
    choices: { stage: 'local', adapter: 'stripe' },
    reason:
      'A redrive of a lost PointsAdded, after a refund had corrected the points, published nothing.',
  },
  {
    seed: 20124,
    choices: { stage: 'local', adapter: 'toss' },
    reason: 'A refund whose cancellation Toss had aborted stayed open until a review.',
  },
  {
    seed: 30771,
    choices: {
      stage: 'local',
      adapter: 'toss',
      paymentMethods: ['toss_approve', 'toss_refund_aborts'],
    },
    reason:
      'A declined refund of a part, requested after the cancellation of the payment, kept its amount.',
  },
  {
    seed: 202954,
    choices: { stage: 'local', adapter: 'simulator' },
    reason: 'A refund whose answer was lost had failed by its inquiry: its review was unexplained.',
  },
  {
    seed: 40025,
    choices: {
      stage: 'local',
      adapter: 'simulator',
      paymentMethods: ['sim_decline_late_approve', 'sim_approve'],
    },
    reason:
      'A webhook about a capture that came during the charge was dropped: the money was kept.',
  },
  {
    seed: 41753,
    choices: {
      stage: 'local',
      adapter: 'simulator',
      paymentMethods: ['sim_decline_late_approve', 'sim_approve'],
    },
    reason: 'A capture during the review of a compensation was forgotten with the review.',
  },
  {
    seed: 161,
    choices: { stage: 'local', adapter: 'simulator' },
    reason: 'After a decline that was kept, no event of the payment could be published again.',
  },
  {
    seed: 520051,
    choices: { stage: 'local', adapter: 'simulator' },
    reason: 'A replayed PaymentDeclined had the failure of a later attempt.',
  },
  {
    seed: 520071,
    choices: { stage: 'local', adapter: 'simulator' },
    reason:
      'A capture of an attempt that the gateway had declined was kept: nothing inquired about it.',
  },
  {
    seed: 2055,
    choices: { stage: 'local', adapter: 'simulator' },
    reason:
      'Of several attempts that were captured late, one was refunded and the others were kept.',
  },
  {
    seed: 701697,
    choices: { stage: 'local', adapter: 'stripe' },
    reason:
      'The last request continued a rejection that its frozen environment had left, and the run ended before its events.',
  },
  {
    seed: 707813,
    choices: { stage: 'local', adapter: 'simulator' },
    reason: 'A lost webhook of a second attempt was not known to be one of its payment.',
  },
  {
    seed: 707088,
    choices: { stage: 'sandbox', adapter: 'simulator' },
    reason:
      "A payment whose buyer's limit passed during an outage waited a quarter of an hour for its next inquiry.",
  },
];
