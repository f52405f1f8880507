import { join } from 'node:path';
import { root } from '../../../dev/cli/paths.ts';
import type { Deployment } from '../../support/cdk/deployment/deployed-resources.ts';
import type { Deployed } from '../cost/bill.ts';
import type { Machine } from '../measure/machine.ts';
import type { Counts } from './counts.ts';

/** The stored counts of each kind of payment. */
export interface CountResults {
  /** ISO 8601. */
  readonly date: string;
  readonly machine: Machine;
  readonly deployed: Deployed;
  readonly kinds: Readonly<Record<string, Counts>>;
}

export const countsFile = join(root, 'docs', 'bench', 'counts.json');

export const deployedBy = ({ functions, consumers, streams }: Deployment): Deployed => ({
  memoryMb: Object.fromEntries(functions.map(({ folder, memoryMb }) => [folder, memoryMb])),
  behindQueues: consumers.map(({ folder }) => folder),
  behindStreams: [...new Set(streams.map(({ folder }) => folder))],
});
