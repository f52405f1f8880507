import type { Payment } from '../../shared/domain/payments/payment.ts';
import type { RunRecord } from './run-record.ts';

/** With which notifications are signed. */
export const signingSecret = Buffer.from('a secret of the simulation, long enough').toString(
  'base64',
);

/**
 * Texts that no log line, event, delivery or response may contain: keys, and the tokens that buyers pay with.
 * Not the tokens of Toss, which names a charge by its token.
 */
export const secretsOf = ({
  gateway,
  tables,
}: Pick<RunRecord, 'gateway' | 'tables'>): readonly string[] => {
  const tokens = tables
    .items<Payment>('Payments')
    .flatMap(({ paymentMethod }) => paymentMethod ?? []);

  return [
    signingSecret,
    ...gateway.secrets,
    ...(gateway.adapter === 'toss' ? [] : new Set(tokens)),
  ];
};
