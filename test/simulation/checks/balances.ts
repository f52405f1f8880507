import type { Balance } from '../../../shared/domain/money.ts';
import { balanceAmountOf, balanceRefundedOf } from '../../../shared/domain/payments/tenders.ts';
import type { RunRecord } from '../run-record.ts';
import type { Check } from './check.ts';
import { isInvalidNow, skippedAmount } from './damage.ts';
import { reservedOf } from './reserved.ts';
import { balancesOf, paymentsOf, refundsOf, sumOf, unless, unlessEqual } from './stored-items.ts';

const inconsistencies = (balance: Balance): readonly string[] => {
  const { userId, available, held, spent, deposited } = balance;

  return [
    ...unless(
      Math.min(available, held, spent) >= 0,
      () => `balance of ${userId} is negative: ${JSON.stringify(balance)}`,
    ),
    ...unlessEqual(`available + held + spent of ${userId}`, available + held + spent, deposited),
  ];
};

const wrongParts = (run: RunRecord, { userId, held, spent }: Balance): readonly string[] => {
  const target = `BALANCE#${userId}`;
  const payments = paymentsOf(run).filter((payment) => payment.userId === userId);
  const completed = payments.filter(({ status }) => status === 'COMPLETED');
  const refunds = refundsOf(run).filter((refund) => refund.userId === userId);
  const reserved = reservedOf(
    run,
    payments,
    target,
    ({ reservation }) => reservation?.balance ?? 0,
  );
  const taken = sumOf(
    completed,
    (payment) => balanceAmountOf(payment) - balanceRefundedOf(payment),
  );
  const notBooked = skippedAmount(completed, target) - skippedAmount(refunds, target);

  return [
    ...unlessEqual(`held of ${userId}`, held, reserved),
    ...unlessEqual(`spent of ${userId}`, spent, taken - notBooked),
  ];
};

export const balances: Check = {
  name: 'balances',
  property:
    'The parts of a balance are never negative and always add up to what was deposited; at the end, held is what open payments reserve and spent is what completed payments took from it less what their refunds gave back to it.',
  invariants: [2, 3, 8],
  // Another system may have removed a count for a while: then a write of the service is not to blame.
  onWrite: ({ table, after }, run) =>
    table === 'Balances' && after && !isInvalidNow(run, `BALANCE#${after.userId}`)
      ? inconsistencies(after as unknown as Balance)
      : [],
  atEnd: (run) =>
    balancesOf(run).flatMap((balance) => [
      ...inconsistencies(balance),
      ...wrongParts(run, balance),
    ]),
};
