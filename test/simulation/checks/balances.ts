import type { Balance } from '../../../shared/domain/money.ts';
import type { RunRecord } from '../run-record.ts';
import type { Check } from './check.ts';
import { reservedOf } from './reserved.ts';
import { balancesOf, paymentsOf, sumOf, unless, unlessEqual } from './stored-items.ts';

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
  const payments = paymentsOf(run).filter((payment) => payment.userId === userId);
  const completed = payments.filter(({ status }) => status === 'COMPLETED');
  const reserved = reservedOf(
    run,
    payments,
    `BALANCE#${userId}`,
    ({ reservation }) => reservation?.balance ?? 0,
  );

  return [
    ...unlessEqual(`held of ${userId}`, held, reserved),
    ...unlessEqual(
      `spent of ${userId}`,
      spent,
      sumOf(completed, ({ amount, refunded }) => amount - refunded),
    ),
  ];
};

export const balances: Check = {
  name: 'balances',
  property:
    'The parts of a balance are never negative and always add up to what was deposited; at the end, held is what open payments reserve and spent is what completed payments took less their refunds.',
  invariants: [2, 3, 8],
  onWrite: ({ table, after }) =>
    table === 'Balances' && after ? inconsistencies(after as unknown as Balance) : [],
  atEnd: (run) =>
    balancesOf(run).flatMap((balance) => [
      ...inconsistencies(balance),
      ...wrongParts(run, balance),
    ]),
};
