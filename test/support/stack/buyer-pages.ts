import { expect } from 'vitest';
import type { NextAction } from '../../../shared/application/payments/next-action.ts';
import { eventually } from '../eventually.ts';
import { createHttpBrowser, type Page } from '../fakes/browser.ts';
import { type AcceptedPayment, api } from './api-client.ts';

/** A page of the shop, on an origin that the local stage allows. */
export const shopPage = 'http://localhost:3000/paid';

const browser = createHttpBrowser();

/** Waits until the payment asks its buyer for this, and returns what the API says of it. */
export const nextActionOf = <Type extends NextAction['type']>(
  payment: AcceptedPayment,
  expected: { readonly type: Type; readonly reference?: string },
) =>
  eventually(async () => {
    const { body } = await api.payment(payment);
    expect(body).toMatchObject({ status: 'REQUIRES_ACTION', nextAction: expected });

    return body.nextAction as Extract<NextAction, { type: Type }>;
  });

/** Opens a page of the gateway. */
export const openPage = (url: string | undefined): Promise<Page> => browser.open(url ?? '');

/** Opens a page of the gateway and presses a button. */
export const pressOnPage = async (
  url: string | undefined,
  button: 'Approve' | 'Decline' | 'Cancel',
): Promise<Page> => (await openPage(url)).press(button);

/** Selects a payment method in the checkout window; returns the token that the window sends to the shop. */
export const methodFromWindow = async (
  url: string | undefined,
  paymentMethod = 'sim_approve',
): Promise<string> => {
  const page = await openPage(url);
  const { location = '' } = await page.press('Pay', { paymentMethod });
  const token = new URL(location).searchParams.get('paymentMethod');
  if (token === null) throw new Error(`The window sent the buyer to ${location}.`);

  return token;
};
