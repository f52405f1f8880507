import { describe } from 'vitest';
import { benchOf, type PgUnderTest } from './conformance/bench.ts';
import { describeBreaking } from './conformance/breaking.ts';
import { describeCancelling } from './conformance/cancelling.ts';
import { describeCharging } from './conformance/charging.ts';
import { describeInquiring } from './conformance/inquiring.ts';
import { describeInquiringRefunds } from './conformance/inquiring-refunds.ts';
import { describeListing } from './conformance/listing.ts';
import { describeRefunding } from './conformance/refunding.ts';

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
