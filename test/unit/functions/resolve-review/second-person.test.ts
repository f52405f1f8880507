import { describe, expect, it } from 'vitest';
import { operation } from '../../../../functions/resolve-review/operation.ts';
import { later } from '../../../support/builders/refund-generators.ts';
import { anOpenReview } from '../review-harness.ts';

const mismatch = ['claimed', 'reviewOpened'] as const;
const reason = 'The dashboard shows it, ticket 4711.';

/** A review of 7,000 won, 5,000 of them at the gateway; above 6,999 won a decision needs a second person. */
const aboveLimit = async (turn?: () => Promise<unknown>, approvalAmount = 6_999) => {
  const harness = await anOpenReview(mismatch, {}, turn, approvalAmount);
  harness.gateway.has(5_000);
  const { resolve, reviewId, tables } = harness;

  return {
    ...harness,
    audits: () => tables.items<{ actor: string; detail: object }>('Audits'),
    decide: (by: string, decision = 'completed', dryRun = false) => {
      harness.time.seconds += 1;

      return resolve(reviewId, decision, { by, reason, dryRun });
    },
  };
};

const proposalOf = (by: string, decision = 'completed') => ({
  at: expect.any(String),
  by,
  name: `${by}@operators.example`,
  scope: 'aftercommit/operator',
  decision,
  reason,
});

type Gateway = Awaited<ReturnType<typeof anOpenReview>>['gateway'];

/** Runs the work while the next inquiry is in flight. */
const duringNextInquiry = (gateway: Gateway, work: () => Promise<unknown>) => {
  const { inquire } = gateway;
  gateway.inquire = async () => {
    gateway.inquire = inquire;
    await work();

    return inquire();
  };
};

describe('a review above the approval amount', () => {
  it('keeps the first decision as a proposal and moves nothing', async () => {
    const { decide, payment, amounts, review, audits, reviewId } = await aboveLimit();
    const before = [payment(), amounts()];

    const { status, body } = await decide('olivia');

    expect(status).toBe(202);
    operation.responses[202]?.schema?.parse(body);
    expect(body).toMatchObject({
      outcome: 'awaiting-approval',
      status: 'OPEN',
      audit: [],
      proposal: proposalOf('olivia'),
    });
    expect([payment(), amounts()]).toEqual(before);
    expect(review()).toMatchObject({ status: 'OPEN', proposal: proposalOf('olivia') });
    expect(audits()).toMatchObject([
      {
        actor: 'olivia',
        action: 'propose-resolution',
        subject: reviewId,
        reason,
        detail: { amountAtRisk: 7_000, after: { by: 'olivia', decision: 'completed' } },
      },
    ]);
  });

  it('is resolved by the same decision of another person, and names both', async () => {
    const { decide, payment, review } = await aboveLimit();
    await decide('olivia');

    const { status, body } = await decide('omar');

    expect(status).toBe(200);
    operation.responses[200]?.schema?.parse(body);
    expect(body).toMatchObject({
      status: 'RESOLVED',
      audit: [{ by: 'omar', decision: 'completed', proposal: proposalOf('olivia') }],
    });
    expect(body).not.toHaveProperty('proposal');
    expect(review()).not.toHaveProperty('proposal');
    expect(payment()).toMatchObject({ status: 'COMPLETED', version: 4 });
  });

  it('is not resolved by the person who proposed it, also not as a dry run', async () => {
    const { decide, payment, audits } = await aboveLimit();
    const before = payment();
    await decide('olivia');

    for (const dryRun of [true, false]) {
      expect(await decide('olivia', 'completed', dryRun)).toMatchObject({
        status: 409,
        body: { code: 'second-person-required' },
      });
    }

    expect(payment()).toEqual(before);
    expect(audits()).toHaveLength(1);
  });

  it('shows in a dry run that it needs a second person', async () => {
    const { decide, review } = await aboveLimit();

    expect(await decide('olivia', 'completed', true)).toMatchObject({
      status: 200,
      body: { needsSecondPerson: true },
    });
    expect(review()).not.toHaveProperty('proposal');
  });

  it.each([
    ['the same person', 'olivia'],
    ['another person', 'omar'],
  ])('replaces the proposal by a different decision of %s', async (_who, by) => {
    const { decide, review, gateway, audits, payment } = await aboveLimit();
    const before = payment();
    await decide('olivia');
    gateway.has(5_000, 5_000);

    expect(await decide(by, 'failed')).toMatchObject({ status: 202 });

    expect(payment()).toEqual(before);
    expect(review().proposal).toMatchObject(proposalOf(by, 'failed'));
    expect(audits().map(({ detail }) => detail)).toContainEqual(
      expect.objectContaining({
        before: { by: 'olivia', decision: 'completed' },
        after: { by, decision: 'failed' },
      }),
    );
  });

  it('must be proposed again if its effects have changed', async () => {
    const { decide, tables, review, payment } = await aboveLimit();
    await decide('olivia');
    tables.deleteItem('Products', { sku: 'tea' });

    expect(await decide('omar')).toMatchObject({ status: 202 });
    expect(review().proposal).toMatchObject(proposalOf('omar'));

    expect(await decide('olivia')).toMatchObject({ status: 200 });
    expect(payment()).toMatchObject({ status: 'COMPLETED' });
  });

  it('rejects a proposal that the gateway contradicts', async () => {
    const { decide, review, gateway } = await aboveLimit();
    gateway.has(2_000);

    expect(await decide('olivia')).toMatchObject({
      status: 409,
      body: { code: 'decision-not-allowed' },
    });
    expect(review()).not.toHaveProperty('proposal');
  });

  it('does not cancel the charge at the gateway for a proposal', async () => {
    const { decide, gateway } = await aboveLimit();
    gateway.says({ inquire: { outcome: 'not-found' } });

    expect(await decide('olivia', 'failed')).toMatchObject({ status: 202 });
    expect(gateway.calls).not.toContain('cancel');

    expect(await decide('omar', 'failed')).toMatchObject({ status: 200 });
    expect(gateway.calls).toContain('cancel');
  });

  it('stores no proposal without its audit entry', async () => {
    const { decide, review, gateway, tables, reviewId } = await aboveLimit();
    await decide('olivia');
    gateway.has(5_000, 5_000);
    const at = later(3_602).toISOString();
    tables.put('Audits', { day: at.slice(0, 10), entry: `${at}#${reviewId}` });

    expect(await decide('omar', 'failed')).toMatchObject({ status: 503 });

    expect(review().proposal).toMatchObject(proposalOf('olivia'));
  });

  it('is not resolved by a proposal that is replaced at the same time', async () => {
    const { decide, gateway, tables, review, payment } = await aboveLimit();
    const before = payment();
    await decide('olivia');
    const { proposal } = review();
    duringNextInquiry(gateway, async () => {
      tables.put('Reviews', { ...review(), proposal: { ...proposal, decision: 'failed' } });
    });

    expect(await decide('omar')).toMatchObject({ status: 202 });

    expect(payment()).toEqual(before);
    expect(review().proposal).toMatchObject(proposalOf('omar'));
  });

  it('is resolved if two persons propose the same at the same time', async () => {
    const { decide, gateway, review } = await aboveLimit();
    duringNextInquiry(gateway, () => decide('omar'));

    expect(await decide('olivia')).toMatchObject({ status: 200 });

    expect(review().audit).toMatchObject([{ by: 'olivia', proposal: { by: 'omar' } }]);
  });

  it('can be repeated after the response was lost', async () => {
    const { decide, review } = await aboveLimit();
    await decide('olivia');
    const first = await decide('omar');

    const again = await decide('omar');

    expect(again).toEqual(first);
    expect(review().audit).toHaveLength(1);
  });
});

describe('a review at the approval amount or below', () => {
  it.each([
    ['equal to the limit', 7_000],
    ['without a limit', 0],
  ])('is resolved by one person: %s', async (_what, approvalAmount) => {
    const { decide, audits } = await aboveLimit(undefined, approvalAmount);

    expect(await decide('olivia')).toMatchObject({ status: 200, body: { status: 'RESOLVED' } });
    expect(audits()).toEqual([]);
  });
});
