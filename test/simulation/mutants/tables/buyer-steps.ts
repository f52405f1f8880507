import type { Mutant } from '../mutant.ts';

const payments = 'test/unit/domain/payments';
const confirmer = 'test/unit/functions/confirm-payment';
const inquirer = 'test/unit/functions/inquire-payment';

/** Faults in payments that wait for their buyers, and in attempts after a decline. */
export const buyerStepMutants: readonly Mutant[] = [
  {
    name: 'attempts-share-a-reference',
    breaks:
      'An inquiry about the second card of a buyer is answered by the decline of the first one.',
    kind: 'module',
    file: 'shared/domain/payments/charge-reference.ts',
    find: 'attempt > 1 ?',
    replace: 'attempt > 9 ?',
    unitTests: [payments],
  },
  {
    name: 'declined-attempt-not-counted',
    breaks:
      'The second card of a buyer is sent under the key of the first one, and declined by it.',
    kind: 'module',
    file: 'shared/domain/payments/another-attempt.ts',
    find: 'attempt: payment.attempt + 1,',
    replace: 'attempt: payment.attempt,',
    unitTests: [payments, 'test/unit/application/payments'],
  },
  {
    name: 'attempts-without-limit',
    breaks: 'A payment tries one card after the other without a limit, as card testers do.',
    kind: 'module',
    file: 'shared/domain/payments/another-attempt.ts',
    find: 'payment.attempt < maxAttempts &&',
    replace: '',
    unitTests: [payments, 'test/unit/application/payments'],
  },
  {
    name: 'cancelled-payment-waits-again',
    breaks: 'A buyer who cancelled is asked for another card after the decline.',
    kind: 'module',
    file: 'shared/domain/payments/another-attempt.ts',
    find: 'payment.cancelRequestedAt === undefined &&',
    replace: '',
    unitTests: [payments, 'test/unit/application/payments'],
  },
  {
    name: 'declined-payment-waits-beyond-hold',
    breaks: 'A buyer is asked for another card although the hold of the payment has ended.',
    kind: 'module',
    file: 'shared/domain/payments/another-attempt.ts',
    find: '!isHoldExpired(payment, at, timings) &&',
    replace: '',
    unitTests: [payments, 'test/unit/application/payments'],
  },
  {
    name: 'abandoned-action-not-cancelled',
    breaks:
      'A buyer who did not authenticate in time can still be charged: nothing cancels the charge.',
    kind: 'module',
    file: 'functions/inquire-payment/inquire-about-action.ts',
    find: 'await inquireConclusively(deps, payment, { mayWait: false });',
    replace: 'await inquireOnly(deps, payment);',
    unitTests: [inquirer],
  },
  {
    name: 'abandoned-payment-not-released',
    breaks: 'The order and the stock of a buyer who gave no payment method stay reserved for ever.',
    kind: 'module',
    file: 'shared/domain/payments/recovery.ts',
    find: 'return { after: releaseEndedHold(payment, at, by, timings) ?? expireHold(payment, at, by) };',
    replace: 'return undefined;',
    unitTests: [payments, 'test/unit/functions/sweep-payments'],
  },
  {
    name: 'lost-confirmation-accepted',
    breaks:
      'Of two confirmations at the same time both are accepted, and one card is never charged.',
    kind: 'module',
    file: 'functions/confirm-payment/handler.ts',
    find: 'if (!(await payments.tryUpdate(payment, after))) return conflict;',
    replace: 'await payments.tryUpdate(payment, after);',
    unitTests: [confirmer],
  },
  {
    name: 'confirmed-after-hold',
    breaks: 'A buyer is charged for an order whose hold has ended.',
    kind: 'module',
    file: 'shared/domain/payments/confirmation.ts',
    find: 'if (released !== undefined) return { released };',
    replace: '',
    unitTests: [payments, confirmer],
  },
  {
    name: 'webhook-of-later-attempt-dropped',
    breaks:
      'A buyer who authenticated the second card waits until the limit: the webhook finds no payment.',
    kind: 'module',
    file: 'functions/receive-webhook/handler.ts',
    find: 'paymentIdOfReference(reference)',
    replace: 'reference',
    unitTests: ['test/unit/functions/receive-webhook'],
  },
];
