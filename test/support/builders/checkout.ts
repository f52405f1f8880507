import {
  type NextActionOptions,
  provideMethodAction,
} from '../../../shared/application/payments/next-action.ts';
import { timings } from '../../../shared/domain/timings.ts';
import type { Checkout } from '../../../shared/gateway/checkout.ts';
import type { WindowAction } from '../../../shared/gateway/conformance/harness.ts';
import { noon } from './builders.ts';

/** What a function needs to say what its buyer does next: the simulator's window, and the local timings. */
export const nextActionOptions: NextActionOptions = {
  checkout: { gateway: 'simulator', url: 'http://pg.example/window' },
  timings: timings.local,
};

/** What the API returns to the buyer of this charge, to open the gateway's window with. */
export const nextActionOfCharge = (
  { reference: paymentId, amount: gatewayAmount, currency }: WindowAction,
  checkout: Checkout,
) =>
  provideMethodAction(
    {
      ...{ paymentId, gatewayAmount, currency, attempt: 1 },
      ...{ createdAt: noon.toISOString(), returnUrl: 'https://shop.example/paid' },
    },
    { checkout, timings: timings.local },
  );
