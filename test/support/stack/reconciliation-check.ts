import { afterAll, expect, inject } from 'vitest';
import { reconcileStack } from '../../../dev/ops/reconcile-stack.ts';
import { eventually } from '../eventually.ts';

/** The books of the whole stack, as far as they do not agree. What is still under way is waited for. */
const expectReconciled = () =>
  eventually(async () => {
    const { discrepancies, unstable } = await reconcileStack(inject('stack'));

    expect({ discrepancies, unstable }).toEqual({ discrepancies: [], unstable: [] });
  });

// Registered for each file of the suite, so no file can forget the proof, and each names its own faults.
afterAll(expectReconciled);
