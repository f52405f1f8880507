import { expect, it } from 'vitest';
import { medianOf, perPayment } from '../../bench/counts/batches.ts';

const own = {
  invocations: 1,
  roundTrips: 2,
  writeUnits: 3,
  readUnits: 1,
  logBytes: 500,
  cpuMs: 40,
};

it('divides the processor time and the log bytes of a batch by its payments', () => {
  expect(perPayment({ functions: { 'charge-payment': own } }, 10)).toEqual({
    'charge-payment': { cpuMs: 4, logBytes: 50 },
  });
});

it('returns the median of the batches in which a function ran', () => {
  const batch = (cpuMs: number) => ({ 'charge-payment': { cpuMs, logBytes: 50 } });
  const other = { 'relay-changes': { cpuMs: 1, logBytes: 20 } };

  expect(medianOf([batch(9), { ...batch(3), ...other }, batch(4)])).toEqual({
    'charge-payment': { cpuMs: 4, logBytes: 50 },
    'relay-changes': { cpuMs: 1, logBytes: 20 },
  });
});
