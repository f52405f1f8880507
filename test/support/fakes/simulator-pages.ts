import type { WindowAction } from '../../../shared/gateway/conformance/harness.ts';
import type { createBrowser } from './browser.ts';

type Browser = ReturnType<typeof createBrowser>;

/** The buyer selects a payment method in the simulator's window and presses Pay; returns what the shop is given. */
export const openSimulatorWindow =
  ({ open }: Browser, simulatorUrl: string) =>
  async (
    { reference, amount, currency }: WindowAction,
    paymentMethod = 'sim_approve',
  ): Promise<string> => {
    const returnUrl = 'https://shop.example/';
    const query = new URLSearchParams({ reference, amount: `${amount}`, currency, returnUrl });
    const page = await open(`${simulatorUrl}/window?${query}`);
    const { location = '' } = await page.press('Pay', { paymentMethod });

    return new URL(location).searchParams.get('paymentMethod') ?? '';
  };
