import type {
  ChallengeDecision,
  GatewayScenario,
  WindowAction,
} from '../../../shared/gateway/conformance/harness.ts';
import { nextActionOfCharge } from '../builders/checkout.ts';
import type { createBrowser } from './browser.ts';

type Browser = ReturnType<typeof createBrowser>;

/**
 * The buyer opens the simulator's window with what the API returns, selects a payment method and presses Pay; returns
 * what the shop is given.
 */
export const openSimulatorWindow =
  ({ open }: Browser, windowUrl: string) =>
  async (charge: WindowAction, paymentMethod = 'sim_approve'): Promise<string> => {
    const checkout = { gateway: 'simulator', url: windowUrl } as const;
    const page = await open(nextActionOfCharge(charge, checkout).url ?? '');
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
