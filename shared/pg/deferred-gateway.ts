import type { ChargeLedger } from './charge-ledger.ts';
import type { NotSent, PaymentGateway } from './port.ts';

/** A gateway that is opened at each call. Where it cannot be opened, its key being out of reach, nothing was sent. */
export const deferred = (open: () => Promise<PaymentGateway>): PaymentGateway => {
  const opened = async (): Promise<PaymentGateway | NotSent> => {
    try {
      return await open();
    } catch (error) {
      const name = error instanceof Error ? error.name : 'unknown error';

      return { outcome: 'not-sent', reason: `the gateway could not be opened: ${name}` };
    }
  };
  const through = async <Outcome>(
    call: (gateway: PaymentGateway) => Promise<Outcome>,
  ): Promise<Outcome | NotSent> => {
    const gateway = await opened();

    return 'outcome' in gateway ? gateway : call(gateway);
  };

  return {
    charge: (request) => through((gateway) => gateway.charge(request)),
    inquire: (reference) => through((gateway) => gateway.inquire(reference)),
    cancel: (reference) => through((gateway) => gateway.cancel(reference)),
    refund: (request) => through((gateway) => gateway.refund(request)),
    inquireRefund: (request) => through((gateway) => gateway.inquireRefund(request)),
  };
};

/** A ledger that is opened at each call, and throws where it cannot be. */
export const deferredLedger = (open: () => Promise<ChargeLedger>): ChargeLedger => ({
  async *charges() {
    yield* (await open()).charges();
  },
});
