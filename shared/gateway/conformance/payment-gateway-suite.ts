import { describe } from 'vitest';
import { describeCancelling } from './cancel.ts';
import { describeCharging } from './charge.ts';
import { describeBreaking } from './faults.ts';
import { benchOf, type PgUnderTest } from './harness.ts';
import { describeInquiring } from './inquire.ts';
import { describeInquiringRefunds } from './inquire-refund.ts';
import { describeListing } from './list-charges.ts';
import { describeRefunding } from './refund.ts';

/** What every adapter has to pass before it may touch money. Needs vitest: for tests alone, never for a function. */
export const describePaymentGateway = (name: string, open: () => Promise<PgUnderTest>): void => {
  describe(`${name} as a payment gateway`, () => {
    const bench = benchOf(open);

    describeCharging(bench);
    describeInquiring(bench);
    describeCancelling(bench);
    describeRefunding(bench);
    describeInquiringRefunds(bench);
    describeListing(bench);
    describeBreaking(bench);
  });
};
