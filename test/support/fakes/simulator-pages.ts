import type {
  ChallengeDecision,
  GatewayScenario,
  WindowAction,
} from '../../../shared/gateway/conformance/harness.ts';
import type { createBrowser } from './browser.ts';

type Browser = ReturnType<typeof createBrowser>;

/** The buyer selects a payment method in the simulator's window and presses Pay; returns what the shop is given. */
export const openSimulatorWindow =
  ({ open }: Browser, windowUrl: string) =>
  async (
    { reference, amount, currency }: WindowAction,
    paymentMethod = 'sim_approve',
  ): Promise<string> => {
    const returnUrl = 'https://shop.example/';
    const query = new URLSearchParams({ reference, amount: `${amount}`, currency, returnUrl });
    const page = await open(`${windowUrl}?${query}`);
    const { location = '' } = await page.press('Pay', { paymentMethod });

    return new URL(location).searchParams.get('paymentMethod') ?? '';
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
