import { describe, expect, it } from 'vitest';
import { commandFor, type RunChoices, readCommandLine } from '../../simulation/command-line.ts';

/** The arguments of a command as a shell splits them. */
const argumentsOf = (command: string): readonly string[] =>
  [...command.replace('npm run simulate -- ', '').matchAll(/'([^']*)'|(\S+)/g)].map(
    ([, quoted, plain]) => quoted ?? plain ?? '',
  );

describe('the command line of the simulation', () => {
  it('repeats a run by its command', () => {
    const choices: RunChoices = {
      stage: 'sandbox',
      adapter: 'toss',
      keptFaults: new Set(['crashAfter charge-payment gateway:POST /v1 3', 'storm 1']),
      cast: { stories: [2, 4], buyers: 1, hasDamage: false },
      paymentMethods: ['toss_approve', 'toss_decline'],
      chaosMs: 5_000,
      old: { build: '/tmp/old', functions: ['charge-payment', 'accept-payment'] },
    };
    const read = readCommandLine(argumentsOf(commandFor(7, choices, 'shrink')));

    expect(read).toMatchObject({ seed: 7, count: 1, choices, isShrunk: true, isTraced: false });
  });

  it('repeats a run without faults', () => {
    const command = commandFor(7, { keptFaults: new Set() });

    expect(readCommandLine(argumentsOf(command)).choices.keptFaults).toEqual(new Set());
  });

  it('leaves everything to the seed by default', () => {
    const { choices, count } = readCommandLine([]);

    expect(Object.values(choices).every((choice) => choice === undefined)).toBe(true);
    expect(count).toBe(100);
  });

  it.each([
    [['--seed', 'x'], '--seed x is not a whole number'],
    [['--stage', 'moon'], '--stage moon is not one of local, sandbox'],
    [['--cast', '{"clowns":1}'], '--cast {"clowns":1} is not a cast'],
  ])('refuses %j', (args, message) => {
    expect(() => readCommandLine(args)).toThrow(message);
  });
});
