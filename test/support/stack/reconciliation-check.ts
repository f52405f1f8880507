import { afterAll, expect, inject } from 'vitest';
import { reconcileStack } from '../../../dev/ops/reconcile-stack.ts';
import { eventually } from '../eventually.ts';
import { isOwn } from './own-items.ts';

/** Expects the stack to be reconciled, and waits for payments in flight. A file that shares the stack answers for its own items. */
const expectReconciled = () =>
  eventually(async () => {
    const report = await reconcileStack(inject('stack'));
    const isChecked = inject('isStackShared') ? isOwn : () => true;
    const discrepancies = report.discrepancies.filter(isChecked);
    const unstable = report.unstable.filter(isChecked);

    expect({ discrepancies, unstable }).toEqual({ discrepancies: [], unstable: [] });
  });

// Registered for each file of the suite, so that no file can forget it and each names its own faults.
afterAll(expectReconciled);
