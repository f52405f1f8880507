import { describe, expect, it } from 'vitest';
import { startSimulator } from '../../../../dev/local/simulator-server.ts';
import { hasCardNumber } from '../../../../shared/domain/card-number.ts';
import { tokenFormats } from '../../../../shared/gateway/token-format.ts';
import { createHttpBrowser } from '../../../support/fakes/browser.ts';
import { createSimulatorHarness } from './harness.ts';

const order = { reference: 'p-1', amount: '1000', currency: 'KRW' };
const returnUrl = 'https://shop.example/orders/7?tab=pay#top';
const address = (parameters: Readonly<Record<string, string>>) =>
  `http://pay.test/window?${new URLSearchParams(parameters)}`;
const tokenIn = (location = ''): string =>
  new URL(location).searchParams.get('paymentMethod') ?? '';

describe("the simulator's window", () => {
  it('shows the amount, the payment methods and a Cancel button', async () => {
    const { browser } = createSimulatorHarness();

    const page = await browser.open(address(order));

    expect(page).toMatchObject({ status: 200, buttons: ['Pay', 'Cancel'] });
    expect(page.body).toContain('Pay KRW 1,000');
    expect(page.body).toContain('value="sim_challenge"');
    expect((await browser.open(address({ ...order, currency: 'USD' }))).body).toContain(
      'USD 10.00',
    );
  });

  it('sends the browser back with a payment method that pays exactly this order', async () => {
    const pg = createSimulatorHarness();
    const page = await pg.browser.open(address({ ...order, returnUrl }));

    const { status, location } = await page.press('Pay');

    expect(status).toBe(303);
    const token = tokenIn(location);
    expect(location).toBe(
      `https://shop.example/orders/7?tab=pay&paymentMethod=${token}&reference=p-1#top`,
    );
    expect(token).toMatch(/^sim_window_approve_[a-p]{24}$/);
    expect(token).toMatch(tokenFormats.simulator.pattern);
    expect(hasCardNumber(token)).toBe(false);
    expect(await pg.charge(token)).toMatchObject({ status: 200, body: { status: 'approved' } });
  });

  it.each([
    ['reference', { reference: 'p-2' }],
    ['amount', { amount: 999 }],
    ['currency', { currency: 'USD' }],
  ])('declines its payment method for another %s', async (_what, other) => {
    const pg = createSimulatorHarness();
    const page = await pg.browser.open(address({ ...order, returnUrl }));
    const token = tokenIn((await page.press('Pay')).location);

    const declined = { status: 'declined', code: 'payment_method_mismatch' };
    expect(await pg.charge(token, other)).toMatchObject({ status: 402, body: declined });
    expect(await pg.inquire({ reference: 'p-1', ...other }.reference)).toMatchObject({
      status: 200,
      body: declined,
    });
    expect(await pg.list('')).toMatchObject({ body: { counts: { charges: 0 } } });
  });

  it('declines a payment method that was changed to another behaviour', async () => {
    const pg = createSimulatorHarness();
    const page = await pg.browser.open(address({ ...order, returnUrl }));
    const { location } = await page.press('Pay', { paymentMethod: 'sim_decline' });

    const token = tokenIn(location).replace('sim_window_decline', 'sim_window_approve');

    expect(await pg.charge(token)).toMatchObject({ body: { code: 'payment_method_mismatch' } });
  });

  it('gives every behaviour as a payment method, refunds included', async () => {
    const pg = createSimulatorHarness();
    const page = await pg.browser.open(address({ ...order, returnUrl }));
    const { location } = await page.press('Pay', { paymentMethod: 'sim_refund_decline' });
    await pg.charge(tokenIn(location));

    expect(await pg.refund('rfd:1', 100)).toMatchObject({ body: { code: 'refund_declined' } });
  });

  it('sends the browser back without a payment method if the buyer cancels', async () => {
    const { browser } = createSimulatorHarness();
    const page = await browser.open(address({ ...order, returnUrl: 'http://127.0.0.1:3000/' }));

    const { status, location } = await page.press('Cancel');

    expect({ status, location }).toEqual({
      status: 303,
      location: 'http://127.0.0.1:3000/?cancelled=true&reference=p-1',
    });
  });

  it('shows the payment method as text if there is nowhere to return to', async () => {
    const pg = createSimulatorHarness();
    const page = await pg.browser.open(address(order));

    const shown = await page.press('Pay');
    const [token = ''] = shown.body.match(/sim_window_[a-z_]+/) ?? [];

    expect(shown.status).toBe(200);
    expect(await pg.charge(token)).toMatchObject({ body: { status: 'approved' } });
    expect((await page.press('Cancel')).body).toContain('Cancelled');
  });

  it('escapes everything that comes from its address', async () => {
    const { browser } = createSimulatorHarness();
    const reference = `"><script>alert('1')</script>&`;
    const hostile = { ...order, reference, returnUrl: 'https://shop.example/?a="><b>' };

    const page = await browser.open(address(hostile));
    const shown = await (await browser.open(address({ ...order, reference }))).press('Pay');

    for (const { body } of [page, shown]) expect(body).not.toMatch(/<script|<b>|alert\('/);
    const location = new URL((await page.press('Pay')).location ?? '');
    expect(location.searchParams.get('reference')).toBe(reference);
    expect(location.searchParams.get('a')).toBe('"><b>');
  });

  it.each([
    ['no reference', { amount: '1000', currency: 'KRW' }, 'reference'],
    ['an amount with a fraction', { ...order, amount: '10.5' }, 'amount'],
    ['an amount of zero', { ...order, amount: '0' }, 'amount'],
    ['an unreadable currency', { ...order, currency: 'won' }, 'currency'],
    ['a script to return to', { ...order, returnUrl: 'javascript:alert(1)' }, 'returnUrl'],
    ['a host that could change the policy', { ...order, returnUrl: 'http://a;b/' }, 'returnUrl'],
    ['a path to return to', { ...order, returnUrl: '/orders' }, 'returnUrl'],
  ])('names what is wrong with its address: %s', async (_what, parameters, named) => {
    const { browser, client } = createSimulatorHarness();

    const page = await browser.open(address(parameters as Record<string, string>));
    const posted = await client.post('/window', {});

    expect(page.status).toBe(400);
    expect(page.body).toContain(`<code>${named}</code>`);
    expect(page.buttons).toEqual([]);
    expect(posted).toMatchObject({ status: 400 });
  });

  it('rejects a payment method that does not exist', async () => {
    const { browser } = createSimulatorHarness();
    const page = await browser.open(address({ ...order, returnUrl }));

    expect(await page.press('Pay', { paymentMethod: 'visa' })).toMatchObject({ status: 400 });
  });

  it('lets no browser store, frame or run anything, and only return to the shop', async () => {
    const { url, close } = await startSimulator();
    const browser = createHttpBrowser();

    const page = await browser.open(
      `${url}/window?${new URLSearchParams({ ...order, returnUrl })}`,
    );
    const redirect = await page.press('Pay');
    await close();

    expect(page.headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
    });
    expect(page.headers['content-security-policy']).toMatch(
      /^default-src 'none'; style-src 'sha256-[\w+/=]{44}'; form-action 'self' https:\/\/shop\.example; base-uri 'none'; frame-ancestors 'none'$/,
    );
    expect(redirect).toMatchObject({ status: 303, headers: { 'cache-control': 'no-store' } });
    expect(tokenIn(redirect.location)).toMatch(/^sim_window_/);
  });
});
