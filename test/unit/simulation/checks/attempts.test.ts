import { describe, expect, it } from 'vitest';
import { attempts } from '../../../simulation/checks/attempts.ts';
import { aPayment } from '../../../support/builders/builders.ts';
import { afterStep } from './clean-run.ts';
import { problemsAtEnd, problemsOfWrite, type RunParts, writeOf } from './run-builder.ts';

const paymentId = `pay_${'kept'.padEnd(26, '0')}`;
const accepted = aPayment({ paymentId, paymentMethod: 'sim_decline' });
const charging = afterStep(accepted, 'claimed', 'charge-payment', { attempt: 1 });
const kept = afterStep(charging, 'declinedKept', 'charge-payment', { attempt: 2 });
const confirmed = afterStep(kept, 'confirmed', 'confirm-payment', { paymentMethod: 'sim_approve' });
const chargedAgain = afterStep(confirmed, 'claimed', 'charge-payment');

const declined = { [paymentId]: {} };
const write = (
  before: object | undefined,
  after: object,
  charges: RunParts['charges'] = declined,
) => problemsOfWrite(attempts, writeOf('Payments', before, after), { items: {}, charges });

describe('the check of attempts', () => {
  it('accepts attempts of which each ended before the next one', () => {
    expect(
      [
        write(undefined, accepted),
        write(accepted, charging),
        write(charging, kept),
        write(kept, confirmed),
        write(confirmed, chargedAgain),
      ].join(''),
    ).toBe('');
  });

  it.each([
    ['a sixth one', { ...charging, attempt: 5 }, { ...kept, attempt: 6 }, 'begins attempt 6'],
    ['one that is not counted', charging, { ...kept, attempt: 1 }, 'attempt 1 becomes 1'],
    ['a skipped one', charging, { ...kept, attempt: 3 }, 'attempt 1 becomes 3'],
    ['one that a claim begins', confirmed, { ...chargedAgain, attempt: 3 }, 'attempt 2 becomes 3'],
    [
      'a late capture of one to come',
      { ...kept, status: 'FAILED' },
      { ...kept, status: 'LATE_CAPTURED', attempt: 3 },
      'attempt 2 becomes 3',
    ],
    ['one that goes back', confirmed, { ...chargedAgain, attempt: 1 }, 'attempt 2 becomes 1'],
  ])('reports %s', (_, before, after, problem) => {
    expect(write(before, after)).toContain(problem);
  });

  it('lets a late capture name the attempt that the gateway has captured', () => {
    const failed = { ...kept, status: 'FAILED' as const };

    expect(write(failed, { ...failed, status: 'LATE_CAPTURED', attempt: 1 })).toBe('');
  });

  it.each([
    ['captured', { captures: 1, captured: 5_000 }],
    ['undecided', { isUndecided: true }],
  ])('reports a next attempt while the gateway has an earlier one %s', (_, charge) => {
    const charges = { [paymentId]: charge };

    expect(write(charging, kept, charges)).toContain(`may capture ${paymentId}`);
    expect(write(confirmed, chargedAgain, charges)).toContain(`may capture ${paymentId}`);
    expect(write(confirmed, chargedAgain, { [`${paymentId}-2`]: charge })).toBe('');
  });

  it('accepts a method that is captured after its decline', () => {
    const charges = { [paymentId]: { isUndecided: true } };
    const items = { Payments: [{ ...charging, paymentMethod: 'sim_decline_late_approve' }] };
    const claim = writeOf('Payments', confirmed, chargedAgain);

    expect(problemsOfWrite(attempts, claim, { items, charges })).toBe('');
  });

  it.each([
    [`${paymentId}-3`, 'was never begun'],
    ['pay_other-2', 'was never begun'],
    [`${paymentId}-2`, ''],
    [paymentId, ''],
  ])('compares the reference %s with the attempts of its payment', async (reference, problem) => {
    const parts = { items: { Payments: [chargedAgain] }, charges: { [reference]: {} } };

    expect(await problemsAtEnd(attempts, parts)).toContain(problem);
    if (problem === '') expect(await problemsAtEnd(attempts, parts)).toBe('');
  });

  it('reports a completed payment that was captured under the reference of another attempt', async () => {
    const completed = afterStep(chargedAgain, 'captured', 'charge-payment');
    const parts = (reference: string) => ({
      items: { Payments: [completed] },
      charges: { [reference]: { captures: 1 } },
    });

    expect(await problemsAtEnd(attempts, parts(paymentId))).toContain(`captured as ${paymentId}`);
    expect(await problemsAtEnd(attempts, parts(`${paymentId}-2`))).toBe('');
  });
});
