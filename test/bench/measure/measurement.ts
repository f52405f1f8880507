import type { Load, LoadObservation } from './load.ts';
import type { SystemName } from './system.ts';
import type { FinalStatusTimes, Stages } from './time-to-final-status.ts';

/** The stored result of one load on one system. */
export interface Measurement {
  readonly system: SystemName;
  readonly load: Load;
  readonly seen: LoadObservation;
  /** Successful responses per second in the window. */
  readonly perSecond: number;
  /** Payments completed per second in the window. In our form these are not the ones answered in it. */
  readonly completedPerSecond: number;
  /** Present only if the run waited for the last accepted payments. */
  readonly finals?: FinalStatusTimes;
  readonly stages?: Stages;
  /** Milliseconds of processor time per request, by part. */
  readonly cpuMsPerRequest: Readonly<Record<string, number>>;
  /** Discrepancies and lost messages; empty if the run is consistent. */
  readonly faults: readonly string[];
}
