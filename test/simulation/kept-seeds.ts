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
];
