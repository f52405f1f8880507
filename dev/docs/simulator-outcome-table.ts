import { table } from './markdown.ts';
import { type Ending, endings } from './simulator-outcomes.ts';

/** How a payment ends, by what the simulated PG does. */
export const endingTable = (): string =>
  table(
    ['paymentMethod', 'states', 'the buyer sees', 'captured', 'money', 'units', 'order', 'coupon'],
    endings.map((ending) => [
      `\`${ending.paymentMethod}\``,
      ending.states.join(', '),
      ending.status,
      capturedOf(ending),
      ending.money,
      ending.units,
      ending.order,
      ending.coupon,
    ]),
  );

const capturedOf = ({ capture }: Ending): string => {
  if (capture === undefined) return 'no';
  if (capture.isRefunded) return 'once, and refunded once';

  return capture.minorUnitsTooMany > 0 ? `once, ${capture.minorUnitsTooMany} too much` : 'once';
};
