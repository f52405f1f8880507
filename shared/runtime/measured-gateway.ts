import type { PaymentGateway } from '../pg/port.ts';
import { measure } from './measure.ts';

/** The gateway, each of its requests measured by what was asked and how it ended. */
export const measured = (gateway: PaymentGateway): PaymentGateway => {
  const through =
    <Request, Answer extends { readonly outcome: string }>(
      operation: keyof PaymentGateway,
      ask: (request: Request) => Promise<Answer>,
    ) =>
    async (request: Request): Promise<Answer> => {
      const began = performance.now();
      const answer = await ask(request);
      const took = Math.round(performance.now() - began);
      measure('PgLatency', took, { operation, answer: answer.outcome });

      return answer;
    };

  return {
    charge: through('charge', (request) => gateway.charge(request)),
    inquire: through('inquire', (reference) => gateway.inquire(reference)),
    cancel: through('cancel', (reference) => gateway.cancel(reference)),
    refund: through('refund', (request) => gateway.refund(request)),
    inquireRefund: through('inquireRefund', (request) => gateway.inquireRefund(request)),
  };
};
