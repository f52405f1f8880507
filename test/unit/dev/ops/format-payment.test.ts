import { expect, it } from 'vitest';
import { formatPayment } from '../../../../dev/ops/format-payment.ts';
import { paymentLinks } from '../../../../shared/http/payment-body.ts';
import { noon } from '../../../support/builders/builders.ts';

const at = (ms: number) => new Date(noon.getTime() + ms).toISOString();

const unknown = {
  paymentId: 'pay_1',
  orderId: 'ord_1',
  status: 'CONFIRMING',
  stage: 'UNKNOWN',
  amount: 5_000,
  balanceAmount: 2_000,
  gatewayAmount: 3_000,
  currency: 'KRW',
  version: 3,
  createdAt: at(0),
  updatedAt: at(8_060),
  refunded: 0,
  links: paymentLinks('pay_1'),
  userId: 'alice',
  attempt: 1,
  refundPending: 0,
  traceId: 'a'.repeat(32),
  entries: [
    {
      at: at(0),
      sinceAcceptMs: 0,
      kind: 'accept',
      to: 'RESERVED',
      detail: 'accept committed: 2000 KRW from the balance, 3000 KRW by the gateway',
    },
    {
      at: at(0),
      sinceAcceptMs: 0,
      kind: 'event',
      detail: 'PaymentReserved',
      eventId: 'pay_1-1',
    },
    {
      at: at(8_060),
      sinceAcceptMs: 8_060,
      kind: 'charge',
      from: 'CHARGING',
      to: 'UNKNOWN',
      detail: 'ambiguous: no response within 8000 ms',
      gatewayCalls: [{ operation: 'charge', outcome: 'ambiguous', durationMs: 8_001 }],
    },
  ],
  pendingActions: [
    { at: at(9_060), detail: 'inquiry 1 of 9' },
    { detail: 'notify-buyer has not handled it yet' },
  ],
} as const satisfies Parameters<typeof formatPayment>[0];

it('shows the state of a payment, its timeline and its pending actions', () => {
  expect(formatPayment(unknown, noon.getTime() + 8_060)).toBe(
    [
      'pay_1 is CONFIRMING (UNKNOWN, version 3, attempt 1)',
      '  5,000 KRW of alice for ord_1: 2,000 KRW from the balance, 3,000 KRW by the gateway; 0 KRW refunded',
      `  accepted ${at(0)}, trace ${'a'.repeat(32)}`,
      '',
      '      0 ms  RESERVED     accept: accept committed: 2000 KRW from the balance, 3000 KRW by the gateway',
      '      0 ms               event: PaymentReserved (pay_1-1)',
      '  8,060 ms  UNKNOWN      charge: ambiguous: no response within 8000 ms [charge: ambiguous in 8,001 ms]',
      '',
      'Pending actions:',
      `  in 1 s (${at(9_060)})  inquiry 1 of 9`,
      '  no time set                        notify-buyer has not handled it yet',
    ].join('\n'),
  );
});

it('shows for how long an action is overdue, a failure, and that no action is pending', () => {
  expect(formatPayment(unknown, noon.getTime() + 12_060)).toContain('overdue by 3 s (');
  expect(
    formatPayment({
      ...unknown,
      failure: { code: 'declined', reason: 'The card was refused.' },
      refundPending: 700,
      pendingActions: [],
    }),
  ).toMatch(
    /and 700 KRW pending\n.+\n {2}declined: The card was refused\.\n[\s\S]+\n\nNo pending actions\.$/,
  );
});
