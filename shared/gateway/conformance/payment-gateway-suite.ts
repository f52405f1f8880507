import { describe } from 'vitest';
import { describeCancel } from './cancel.ts';
import { describeChallenge } from './challenge.ts';
import { describeCharge } from './charge.ts';
import { describeFaults } from './faults.ts';
import { createHarness, type GatewayUnderTest } from './harness.ts';
import { describeInquire } from './inquire.ts';
import { describeInquireRefund } from './inquire-refund.ts';
import { describeChargeList } from './list-charges.ts';
import { describeRefund } from './refund.ts';
import { describeWindow } from './window.ts';

/** The conformance suite that every adapter must pass. Imports vitest: only tests may import it. */
export const describePaymentGateway = (
  name: string,
  open: () => Promise<GatewayUnderTest>,
): void => {
  describe(`${name} as a payment gateway`, () => {
    const harness = createHarness(open);

    describeCharge(harness);
    describeChallenge(harness);
    describeWindow(harness);
    describeInquire(harness);
    describeCancel(harness);
    describeRefund(harness);
    describeInquireRefund(harness);
    describeChargeList(harness);
    describeFaults(harness);
  });
};
