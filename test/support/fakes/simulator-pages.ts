import type {
  ChallengeDecision,
  GatewayScenario,
  WindowAction,
} from '../../../shared/gateway/conformance/harness.ts';
import { nextActionOfCharge } from '../builders/checkout.ts';
import type { createBrowser, Page } from './browser.ts';

type Browser = ReturnType<typeof createBrowser>;

/**
 * The buyer selects a payment method in the open window and presses Pay. Returns the token, from the address to which
 * the window sends the buyer, or from the page if it sends the buyer nowhere.
 */
export const payInSimulatorWindow = async (page: Page, paymentMethod: string): Promise<string> => {
  const { location, body } = await page.press('Pay', { paymentMethod });
  const token = location
    ? new URL(location).searchParams.get('paymentMethod')
    : /<code>(sim_\w+)<\/code>/.exec(body)?.[1];
  if (!token) throw new Error(`The window ${page.url} gives no payment method.`);

  return token;
};

/** The buyer opens the simulator's window with what the API returns, and pays; returns what the shop is given. */
export const openSimulatorWindow =
  ({ open }: Browser, windowUrl: string) =>
  async (charge: WindowAction, paymentMethod = 'sim_approve'): Promise<string> => {
    const checkout = { gateway: 'simulator', url: windowUrl } as const;
    const page = await open(nextActionOfCharge(charge, checkout).url ?? '');

    return payInSimulatorWindow(page, paymentMethod);
  };

/** The buyer opens the page of a charge and decides. A page that takes no decision any more has no buttons. */
export const decideSimulatorChallenge =
  ({ open }: Browser) =>
  async (_reference: string, url: string, decision: ChallengeDecision): Promise<void> => {
    const page = await open(url);
    const button = decision === 'approve' ? 'Approve' : 'Decline';
    if (page.buttons.includes(button)) await page.press(button);
  };

/** The payment method of the simulator for a scenario of the conformance suite. */
export const simulatorMethodFor = (scenario: GatewayScenario): string =>
  scenario.startsWith('challenge-') ? 'sim_challenge' : `sim_${scenario.replaceAll('-', '_')}`;
