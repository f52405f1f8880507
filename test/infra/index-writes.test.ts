import { marshall } from '@aws-sdk/util-dynamodb';
import { expect, it } from 'vitest';
import { completed, declined } from '../../dev/docs/example-payment.ts';
import type { Payment } from '../../shared/domain/payments/payment.ts';
import { writeUnits } from '../bench/counts/units.ts';
import { readDeployment } from '../support/cdk/deployment.ts';

const table = readDeployment('sandbox').tables.find(({ TableName }) => TableName === 'Payments');

/** The write units of the indexes for one write of a payment. */
const indexUnits = (before: Payment | undefined, after: Payment) => {
  if (table === undefined) throw new Error('The table Payments is not in the deployment.');
  const [stored, written] = [before, after].map(
    (payment) => payment && marshall(payment, { removeUndefinedValues: true }),
  );
  const units = writeUnits({ table, before: stored, after: written, isTransactional: true });

  return Object.fromEntries(
    units.filter(({ of }) => of !== 'Payments').map((one) => [one.of, one.units]),
  );
};

it('writes the indexes of a payment when it is accepted and when it ends, not between', () => {
  const { accepted, claimed, answered } = completed;

  expect(indexUnits(undefined, accepted)).toEqual({ 'Payments.byUser': 1, 'Payments.byDue': 1 });
  expect(indexUnits(accepted, claimed)).toEqual({});
  expect(indexUnits(claimed, answered)).toEqual({ 'Payments.byDue': 1 });
});

it('moves the entry of a declined payment to the due time of its compensation', () => {
  expect(indexUnits(declined.claimed, declined.answered)).toEqual({ 'Payments.byDue': 2 });
});
