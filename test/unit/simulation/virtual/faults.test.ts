import { describe, expect, it } from 'vitest';
import { only } from '../../../simulation/virtual/fault-mix.ts';
import { Faults } from '../../../simulation/virtual/faults.ts';
import { Random } from '../../../simulation/virtual/random.ts';
import { VirtualTime } from '../../../simulation/virtual/time.ts';

const places = ['charge-payment dynamodb:Update', 'inquire-payment dynamodb:Get'];

/** What happens at each call of two functions, by name and duration. */
const faultsOf = (kept?: ReadonlySet<string>) => {
  const occurred: string[] = [];
  const faults = new Faults({
    mix: only({ slow: 0.3, throttle: 0.2, storms: 2, indexLagMs: 100 }),
    random: new Random(1),
    time: new VirtualTime(0, new Random(2)),
    ...(kept && { kept }),
    onFault: (name) => occurred.push(name),
  });
  faults.planStorms(['bus', 'queues'], 1_000, 60_000);
  const slow = Array.from({ length: 40 }, (_, call) => places[call % 2] ?? '').flatMap((place) => {
    faults.occurs('throttle', place);

    return faults.occurs('slow', place) ? [`${occurred.at(-1)}: ${faults.duration(1_000)} ms`] : [];
  });

  return { faults, occurred, slow };
};

describe('Faults', () => {
  it('names each fault by kind, place and number', () => {
    const { faults, occurred } = faultsOf();

    expect(faults.names).toEqual(['index lag', 'storm 1', 'storm 2', ...occurred]);
    expect(occurred.every((name) => /^(?:slow|throttle) \S+ dynamodb:\w+ \d+$/.test(name))).toBe(
      true,
    );
  });

  it('has the kept faults at the same calls, as long as before', () => {
    const all = faultsOf();
    const kept = all.occurred.filter((name) => name.startsWith('slow')).slice(2, 5);
    const some = faultsOf(new Set(kept));

    expect(some.occurred).toEqual(kept);
    expect(some.slow).toEqual(all.slow.slice(2, 5));
  });

  it('has the kept storms at the same time', () => {
    const { faults } = faultsOf();
    const some = faultsOf(new Set(['storm 2'])).faults;

    expect(some.storms).toEqual(faults.storms.slice(1));
    expect(some.names).toEqual(['storm 2']);
  });

  it('has no index lag unless it is kept', () => {
    expect(faultsOf(new Set()).faults.mix.indexLagMs).toBe(0);
    expect(faultsOf(new Set(['index lag'])).faults.mix.indexLagMs).toBe(100);
  });
});
