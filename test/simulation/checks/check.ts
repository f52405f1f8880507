import type { ItemWrite } from '../aws/dynamodb/memory-dynamodb.ts';
import type { RunRecord } from '../run-record.ts';

/** A property of the service that holds in every run. */
export interface Check {
  readonly name: string;
  /** The property in one sentence, for docs/simulation.md. */
  readonly property: string;
  /** The invariants of docs/architecture.md that it guards, by number. */
  readonly invariants: readonly number[];
  /** Looks at each write of an item when it happens. Returns what is wrong. */
  readonly onWrite?: (write: ItemWrite, run: RunRecord) => readonly string[];
  /** Looks at the whole run after the calm. Returns what is wrong; async only for reads of the service's own code. */
  readonly atEnd?: (run: RunRecord) => readonly string[] | Promise<readonly string[]>;
}
