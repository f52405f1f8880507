import { describe, expect, it } from 'vitest';
import { createSimulatorHarness } from './harness.ts';

const returnUrl = 'https://shop.example/orders/7?tab=pay';
const returnedTo = `${returnUrl}&reference=p-1`;
const minutesMs = 60_000;

/** A simulator with a charge that waits for its buyer, and the buyer's page. */
const open = async (paymentMethod = 'sim_challenge', options: object = { returnUrl }) => {
  const pg = createSimulatorHarness();
  const charged = await pg.charge(paymentMethod, options);
  const { url, expiresAt } = charged.body as { url: string; expiresAt: string };

  return { ...pg, charged, url, expiresAt, openPage: () => pg.browser.open(url) };
};
const captures = { body: { counts: { charges: 1 }, charges: [{ amount: 1_000 }] } };
const noCapture = { body: { counts: { charges: 0 } } };

describe("the simulator's challenge", () => {
  it('answers that it waits for the buyer, the same to a retry and an inquiry', async () => {
    const pg = await open();

    expect(pg.charged).toEqual({
      status: 200,
      afterMs: 0,
      body: {
        status: 'requires_action',
        transactionId: expect.stringMatching(/^txn_/),
        url: expect.stringMatching(/^http:\/\/localhost\/challenge\/[\da-f-]{36}\.p-1$/),
        expiresAt: new Date(pg.timers.now().getTime() + 10 * minutesMs).toISOString(),
      },
    });
    expect(await pg.charge('sim_challenge', { returnUrl })).toEqual(pg.charged);
    expect(await pg.inquire()).toEqual(pg.charged);
    expect(await pg.list()).toMatchObject(noCapture);
  });

  it('shows the amount and two buttons, and decides nothing by being opened', async () => {
    const pg = await open();

    const page = await pg.openPage();

    expect(page).toMatchObject({ status: 200, buttons: ['Approve', 'Decline'] });
    expect(page.body).toContain('KRW 1,000');
    expect(page.headers['cache-control']).toBe('no-store');
    expect(page.headers['content-security-policy']).toContain(
      "form-action 'self' https://shop.example;",
    );
    expect(await pg.inquire()).toEqual(pg.charged);
  });

  it('captures once the buyer approves, and sends the browser back', async () => {
    const pg = await open();
    pg.timers.advance(minutesMs);

    const { status, location } = await (await pg.openPage()).press('Approve');

    expect({ status, location }).toEqual({ status: 303, location: returnedTo });
    const approved = {
      body: { status: 'approved', amount: 1_000, approvedAt: pg.timers.now().toISOString() },
    };
    expect(await pg.inquire()).toMatchObject({ status: 200, ...approved });
    expect(await pg.charge('sim_challenge', { returnUrl })).toMatchObject(approved);
    expect(await pg.list()).toMatchObject(captures);
    expect((await pg.openPage()).body).toContain('You have approved this payment');
  });

  it('declines once the buyer declines', async () => {
    const pg = await open();

    const { location } = await (await pg.openPage()).press('Decline');

    expect(location).toBe(returnedTo);
    const declined = { status: 'declined', code: 'authentication_failed' };
    expect(await pg.inquire()).toMatchObject({ status: 200, body: declined });
    expect(await pg.charge('sim_challenge', { returnUrl })).toMatchObject({
      status: 402,
      body: declined,
    });
    expect((await pg.openPage()).body).toContain('You have declined this payment');
  });

  it('approves sim_challenge_frictionless without a page', async () => {
    const { charged } = await open('sim_challenge_frictionless');

    expect(charged).toMatchObject({ status: 200, body: { status: 'approved' } });
  });

  it.each([
    ['sim_challenge', 'Approve', 'Decline', 'approved', captures],
    ['sim_challenge_twice', 'Approve', 'Decline', 'approved', captures],
    ['sim_challenge_twice', 'Decline', 'Approve', 'declined', noCapture],
    ['sim_challenge_late', 'Approve', 'Approve', 'approved', captures],
  ] as const)(
    'takes the first of two decisions in two tabs: %s, %s, %s',
    async (paymentMethod, first, second, status, listed) => {
      const pg = await open(paymentMethod);
      const [tab, otherTab] = [await pg.openPage(), await pg.openPage()];

      const pressed = [await tab.press(first), await otherTab.press(second)];

      expect(pressed.map(({ location }) => location)).toEqual([returnedTo, returnedTo]);
      expect(await pg.inquire()).toMatchObject({ body: { status } });
      expect(await pg.list()).toMatchObject(listed);
    },
  );

  it('takes one of ten concurrent decisions', async () => {
    const pg = await open();
    const pages = await Promise.all(Array.from({ length: 10 }, pg.openPage));

    await Promise.all(pages.map((page, at) => page.press(at % 2 === 0 ? 'Decline' : 'Approve')));

    expect(await pg.inquire()).toMatchObject({ body: { code: 'authentication_failed' } });
    expect(await pg.list()).toMatchObject(noCapture);
  });

  it.each(['Approve', 'Decline'])(
    'still waits if the buyer abandons it after %s',
    async (button) => {
      const pg = await open('sim_challenge_abandoned');

      const { location } = await (await pg.openPage()).press(button);

      expect(location).toBe(returnedTo);
      expect(await pg.inquire()).toEqual(pg.charged);
      pg.timers.advance(10 * minutesMs);
      expect(await pg.inquire()).toMatchObject({ body: { code: 'authentication_expired' } });
    },
  );

  it.each(['sim_challenge', 'sim_challenge_twice', 'sim_challenge_abandoned'])(
    'is never captured after a cancellation, and says so: %s',
    async (paymentMethod) => {
      const pg = await open(paymentMethod);
      const page = await pg.openPage();

      expect(await pg.cancel()).toMatchObject({ status: 200, body: { status: 'cancelled' } });
      const pressed = await page.press('Approve');

      for (const { body } of [pressed, await pg.openPage()])
        expect(body).toMatch(/This payment was cancelled.*can no longer be approved/s);
      expect(pressed.status).toBe(409);
      const declined = { status: 'declined', code: 'reference_cancelled' };
      expect(await pg.inquire()).toMatchObject({ status: 200, body: declined });
      expect(await pg.charge(paymentMethod, { returnUrl })).toMatchObject({ status: 402 });
      expect(await pg.cancel()).toMatchObject({ status: 200, body: { status: 'cancelled' } });
      expect(await pg.list()).toMatchObject(noCapture);
    },
  );

  it('cannot be cancelled after the buyer has approved', async () => {
    const pg = await open();
    await (await pg.openPage()).press('Approve');

    expect(await pg.cancel()).toMatchObject({ status: 409, body: { code: 'already_captured' } });
  });

  it('is declined at its own time limit, and says so', async () => {
    const pg = await open();
    const page = await pg.openPage();
    pg.timers.advance(10 * minutesMs - 1);
    expect(await pg.inquire()).toEqual(pg.charged);

    pg.timers.advance(1);

    expect(pg.timers.now().toISOString()).toBe(pg.expiresAt);
    const declined = { status: 'declined', code: 'authentication_expired' };
    expect(await pg.inquire()).toMatchObject({ status: 200, body: declined });
    expect(await pg.charge('sim_challenge', { returnUrl })).toMatchObject({
      status: 402,
      body: declined,
    });
    const pressed = await page.press('Approve');
    expect(pressed.status).toBe(409);
    expect(pressed.body).toMatch(/This payment has expired.*can no longer be approved/s);
    expect(await pg.list()).toMatchObject(noCapture);
  });

  it.each([
    ['a cancellation', (pg: Awaited<ReturnType<typeof open>>) => pg.cancel()],
    ['its expiry', async (pg: Awaited<ReturnType<typeof open>>) => pg.timers.advance(600_000)],
  ])('captures sim_challenge_late after %s, which was conclusive', async (_what, end) => {
    const pg = await open('sim_challenge_late');
    await end(pg);
    expect(await pg.inquire()).toMatchObject({ status: 200, body: { status: 'declined' } });

    const { location } = await (await pg.openPage()).press('Approve');

    expect(location).toBe(returnedTo);
    expect(await pg.inquire()).toMatchObject({ body: { status: 'approved' } });
    expect(await pg.list()).toMatchObject(captures);
    expect(await pg.refund('rfd:1', 1_000)).toMatchObject({ body: { status: 'refunded' } });
  });

  it('thanks the buyer if there is nowhere to return to', async () => {
    const pg = await open('sim_challenge', {});

    const thanks = await (await pg.openPage()).press('Approve');

    expect(thanks).toMatchObject({ status: 200, buttons: [] });
    expect(thanks.body).toContain('You can close this page.');
    expect(await pg.inquire()).toMatchObject({ body: { status: 'approved' } });
  });

  it('escapes where it returns to', async () => {
    const pg = await open('sim_challenge', { returnUrl: `${returnUrl}&a="><b>` });
    await pg.cancel();

    const { body } = await pg.openPage();

    expect(body).toContain('Back to the shop');
    expect(body).not.toContain('<b>');
  });

  it.each(['javascript:alert(1)', '/orders', 'https://a;b/'])(
    'rejects a charge that returns to %s',
    async (unsafe) => {
      const { charged } = await open('sim_challenge', { returnUrl: unsafe });

      expect(charged).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
    },
  );

  it('has no page for an id that no charge has', async () => {
    const pg = await open();
    const guessed = pg.url.replace(/[\da-f]{4}\.p-1$/, 'zzzz.p-1');

    for (const url of [guessed, 'http://localhost/challenge/zzzz.p-2'])
      expect(await pg.browser.open(url)).toMatchObject({ status: 404, buttons: [] });
    const posted = await pg.client.post('/challenge/zzzz.p-2', {});

    expect(posted).toMatchObject({ status: 404 });
    expect(await pg.list('?limit=9')).toMatchObject({ body: { counts: { requests: 1 } } });
  });

  it('shows the page again if the form has no decision', async () => {
    const pg = await open();

    const posted = await pg.client.post(new URL(pg.url).pathname, { decision: 'approve' });

    expect(posted).toMatchObject({ status: 200, body: expect.stringContaining('Approve') });
    expect(await pg.inquire()).toEqual(pg.charged);
  });
});
