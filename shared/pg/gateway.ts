import type { Timings } from '../domain/timings.ts';
import type { PaymentGateway } from './port.ts';
import { simulatorGateway } from './simulator-adapter.ts';

/** The gateway that the stage charges with. An adapter more is a file beside this one and a choice here. */
export const paymentGateway = ({
  url,
  timings,
}: {
  readonly url: string;
  readonly timings: Timings;
}): PaymentGateway => simulatorGateway({ url, timeoutMs: timings.pgTimeoutMs });
