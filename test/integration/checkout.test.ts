import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest';
import { startCheckout } from '../../dev/checkout/checkout-server.ts';
import { root } from '../../dev/cli/paths.ts';
import type { RunningServer } from '../../dev/local/http-server.ts';
import { launchBrowser, noBrowser } from '../support/browser/launch.ts';
import { stack } from '../support/stack/aws-clients.ts';
import { pg } from '../support/stack/external-systems.ts';
import { storedPayment } from '../support/stack/repositories.ts';
import { aBuyer, aProduct, wallets } from '../support/stack/stack-fixtures.ts';

const price = 12_000;
const timeout = 40_000;

let browser: Browser | undefined;
let checkout: RunningServer;
let buyers: readonly string[];

beforeAll(async () => {
  browser = await launchBrowser();
  buyers = await Promise.all(Array.from({ length: 6 }, () => aBuyer({ available: 100_000 })));
  const sku = await aProduct({ available: 20, price });
  const products = [{ sku, name: 'Tea', unitPrice: price, currency: 'KRW' }];
  checkout = await startCheckout(stack, { buyers, products });
});

afterAll(async () => {
  await browser?.close();
  await checkout.close();
});

/** Opens the checkout for one of the buyers. A screenshot is kept if the test fails. */
const openCheckout = async (
  { skip, task, onTestFailed }: TestContext,
  buyer = '',
): Promise<Page> => {
  if (browser === undefined) return skip(noBrowser);
  const context = await browser.newContext();
  const page = await context.newPage();
  page.setDefaultTimeout(timeout);
  onTestFailed(async () => {
    const name = `${task.name.replaceAll(/\W+/g, '-')}.png`;
    await page.screenshot({ path: join(root, '.local', 'screenshots', name), fullPage: true });
  });
  await page.goto(`${checkout.url}/?buyer=${buyer}`);
  await page.getByText('Balance KRW').waitFor();

  return page;
};

interface Payment {
  readonly balanceAmount?: number;
  readonly method: string;
  readonly keep?: boolean;
}

/** Pays the cart; returns the payment's id once it is accepted. */
const pay = async (page: Page, { balanceAmount = 0, method, keep = false }: Payment) => {
  await page.getByLabel('From the balance').fill(`${balanceAmount}`);
  await page.locator('#method').selectOption(method);
  await page.getByLabel('Keep the order').setChecked(keep);
  await page.getByRole('button', { name: 'Pay', exact: true }).click();
  await page.getByText(/^Accepted in \d+ ms\.$/).waitFor();

  return (await page.locator('#payment-id').textContent()) ?? '';
};

const waitForStatus = (page: Page, status: string) =>
  page.locator('#status').getByText(status, { exact: true }).waitFor();

const openWindow = (page: Page) =>
  page.getByRole('button', { name: "Open the gateway's window" }).click();

const openChallenge = (page: Page) =>
  page.getByRole('button', { name: 'Continue to the bank' }).click();

describe.concurrent('a browser at the demo checkout', () => {
  it("pays in the gateway's window, with a part from the balance", async (test) => {
    const buyer = buyers[0] ?? '';
    const page = await openCheckout(test, buyer);
    const before = await wallets.of(buyer);

    const paymentId = await pay(page, { balanceAmount: 5_000, method: '' });
    await waitForStatus(page, 'REQUIRES_ACTION');
    await openWindow(page);
    await page.getByRole('button', { name: 'Pay', exact: true }).click();
    await waitForStatus(page, 'COMPLETED');

    expect(await pg.chargesOf(paymentId)).toMatchObject({
      counts: { charges: 1 },
      charges: [{ amount: 7_000 }],
    });
    expect(await wallets.of(buyer)).toMatchObject({ spent: before.spent + 5_000 });
  });

  it('shows a payment that was completed before its buyer came back', async (test) => {
    const buyer = buyers[5] ?? '';
    const page = await openCheckout(test, buyer);
    const paymentId = await pay(page, { method: 'sim_approve' });
    await waitForStatus(page, 'COMPLETED');
    const { orderId } = await storedPayment(paymentId);

    await page.goto(`${checkout.url}/?buyer=${buyer}&orderId=${orderId}&paymentMethod=sim_approve`);
    await waitForStatus(page, 'COMPLETED');

    expect(await page.locator('#error').isVisible()).toBe(false);
    expect(await pg.chargesOf(paymentId)).toMatchObject({ counts: { charges: 1 } });
  });

  it('pays after the challenge of the bank is approved', async (test) => {
    const page = await openCheckout(test, buyers[1]);

    const paymentId = await pay(page, { method: 'sim_challenge' });
    await openChallenge(page);
    await page.getByRole('button', { name: 'Approve' }).click();
    await waitForStatus(page, 'COMPLETED');

    expect(await pg.chargesOf(paymentId)).toMatchObject({ charges: [{ amount: price }] });
  });

  it('pays the same order with another card after a decline', async (test) => {
    const page = await openCheckout(test, buyers[2]);

    const paymentId = await pay(page, { method: 'sim_decline', keep: true });
    await page
      .getByText('The card or account has insufficient funds. (insufficient-funds)')
      .waitFor();
    await page.locator('#next-method').selectOption('sim_approve');
    await page.getByRole('button', { name: 'Pay with this method' }).click();
    await waitForStatus(page, 'COMPLETED');

    expect(await storedPayment(paymentId)).toMatchObject({ attempt: 2, status: 'COMPLETED' });
    expect(await pg.chargesOf(`${paymentId}-2`)).toMatchObject({ charges: [{ amount: price }] });
  });

  it('gives the balance back if the window is closed and the payment cancelled', async (test) => {
    const buyer = buyers[3] ?? '';
    const page = await openCheckout(test, buyer);
    const before = await wallets.of(buyer);

    const paymentId = await pay(page, { balanceAmount: 5_000, method: '' });
    await openWindow(page);
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('button', { name: 'Cancel the payment' }).click();
    await waitForStatus(page, 'FAILED');
    await page.locator('#stage').getByText('COMPENSATED').waitFor();

    expect(await pg.chargesOf(paymentId)).toMatchObject({ counts: { charges: 0 } });
    expect(await wallets.of(buyer)).toMatchObject({
      available: before.available,
      held: before.held,
    });
  });

  it('gives everything back if the challenge is left and the payment cancelled', async (test) => {
    const page = await openCheckout(test, buyers[4]);

    const paymentId = await pay(page, { method: 'sim_challenge' });
    await page.getByRole('button', { name: 'Cancel the payment' }).click();
    await waitForStatus(page, 'FAILED');
    await page.locator('#stage').getByText('COMPENSATED').waitFor();

    expect(await pg.chargesOf(paymentId)).toMatchObject({ counts: { charges: 0 } });
  });
});
