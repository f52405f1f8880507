import type { Check } from './check.ts';

/** The gateway's own webhooks are not among the answers: people send only forged ones. */
export const webhookSignatures: Check = {
  name: 'webhook-signatures',
  property: 'A webhook without a valid signature is answered 401.',
  invariants: [10],
  atEnd: ({ answers }) =>
    answers
      .filter(({ request, status }) => request.path === '/webhooks/pg' && status !== 401)
      .map(({ status, request }) => `${status} is the answer to a forged webhook: ${request.body}`),
};
