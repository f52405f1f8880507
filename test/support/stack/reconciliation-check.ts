import { afterAll, expect, inject } from 'vitest';
import { proofOf } from '../../../dev/ops/reconcile-stack.ts';
import { eventually } from '../eventually.ts';

/** The books of the whole stack, as far as they do not agree. What is still under way is waited for. */
const expectProof = () =>
  eventually(async () => {
    const { disagreements, unsettled } = await proofOf(inject('stack'));

    expect({ disagreements, unsettled }).toEqual({ disagreements: [], unsettled: [] });
  });

// Registered for each file of the suite, so no file can forget the proof, and each names its own faults.
afterAll(expectProof);
