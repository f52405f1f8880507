import { syncBuiltinESMExports } from 'node:module';
import timers from 'node:timers';
import { currentProcess } from './process.ts';
import type { VirtualTime } from './time.ts';

/** A timer as libraries use it: they unref it and clear it. */
interface VirtualTimer {
  readonly cancel: () => void;
  readonly unref: () => VirtualTimer;
  readonly ref: () => VirtualTimer;
  readonly hasRef: () => boolean;
}

/**
 * Replaces the global Date and timers, and returns a function that restores them. Only libraries need it: Powertools,
 * Middy and cockatiel take no clock. They get the time of the process that runs, with its skew.
 */
export const installVirtualGlobals = (time: VirtualTime): (() => void) => {
  const { Date: RealDate, setTimeout: realSetTimeout, clearTimeout: realClearTimeout } = globalThis;
  const realPerformanceNow = performance.now;
  const now = () => currentProcess()?.now ?? time.now;

  class VirtualDate extends RealDate {
    constructor(...given: [] | ConstructorParameters<DateConstructor>) {
      if (given.length === 0) super(now());
      else super(...given);
    }

    static override now(): number {
      return now();
    }
  }

  const setVirtualTimeout = (run: (...values: unknown[]) => void, ms = 0, ...values: unknown[]) => {
    const process = currentProcess();
    const call = () => run(...values);
    const cancel = process ? process.after(ms, call) : time.after(ms, call);
    const timer: VirtualTimer = {
      cancel,
      unref: () => timer,
      ref: () => timer,
      hasRef: () => true,
    };

    return timer;
  };

  globalThis.Date = VirtualDate as DateConstructor;
  globalThis.setTimeout = setVirtualTimeout as unknown as typeof setTimeout;
  // Middy imports it from the module.
  timers.setTimeout = globalThis.setTimeout;
  syncBuiltinESMExports();
  globalThis.clearTimeout = ((timer?: VirtualTimer) => timer?.cancel?.()) as typeof clearTimeout;
  performance.now = now;

  return () => {
    globalThis.Date = RealDate;
    globalThis.setTimeout = realSetTimeout;
    timers.setTimeout = realSetTimeout;
    syncBuiltinESMExports();
    globalThis.clearTimeout = realClearTimeout;
    performance.now = realPerformanceNow;
  };
};
