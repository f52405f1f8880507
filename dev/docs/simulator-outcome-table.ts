import { table } from '../cli/markdown.ts';
import { type SimulatorOutcome, simulatorOutcomes } from './simulator-outcomes.ts';

/** The final state of a payment for each behaviour of the simulated gateway. */
export const simulatorOutcomeTable = (): string =>
  table(
    ['paymentMethod', 'states', 'the buyer sees', 'captured', 'money', 'units', 'order', 'coupon'],
    simulatorOutcomes.map((outcome) => [
      describeMethod(outcome),
      outcome.states.join(', '),
      outcome.code ? `${outcome.status}, \`${outcome.code}\`` : outcome.status,
      describeCapture(outcome),
      outcome.money,
      outcome.units,
      outcome.order,
      outcome.coupon,
    ]),
  );

const describeMethod = ({ paymentMethod, buyer }: SimulatorOutcome): string =>
  [`\`${paymentMethod}\``, ...(buyer ? [`the buyer ${buyer.join(', then ')}`] : [])].join(': ');

const describeCapture = ({ capture }: SimulatorOutcome): string => {
  if (capture === undefined) return 'no';
  if (capture.isRefunded) return 'once, and refunded once';

  return capture.minorUnitsTooMany > 0 ? `once, ${capture.minorUnitsTooMany} too much` : 'once';
};
