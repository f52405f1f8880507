import type { NotSent, PaymentGateway } from './port.ts';

/** Reads the key at each call, from memory as a rule, so that a rotated one is used soon. Without a key nothing is sent. */
export const withSecretKey = (
  secretArn: string,
  open: (secretKey: string) => Promise<PaymentGateway>,
): PaymentGateway => {
  const through = async <Outcome>(
    call: (gateway: PaymentGateway) => Promise<Outcome>,
  ): Promise<Outcome | NotSent> => {
    const gateway = await opened();

    return 'outcome' in gateway ? gateway : call(gateway);
  };
  const opened = async (): Promise<PaymentGateway | NotSent> => {
    try {
      const { secretOf } = await import('../runtime/secret.ts');

      return await open(await secretOf(secretArn)());
    } catch (error) {
      const name = error instanceof Error ? error.name : 'unknown error';

      return { outcome: 'not-sent', reason: `the PG's secret key could not be read: ${name}` };
    }
  };

  return {
    charge: (request) => through((gateway) => gateway.charge(request)),
    inquire: (reference) => through((gateway) => gateway.inquire(reference)),
    cancel: (reference) => through((gateway) => gateway.cancel(reference)),
    refund: (request) => through((gateway) => gateway.refund(request)),
  };
};
