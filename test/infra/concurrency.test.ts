import { describe, expect, it } from 'vitest';
import { pascalCase } from '../../cdk/constructs/names.ts';
import { SettingsError } from '../../cdk/settings.ts';
import { type StageProfile, stages } from '../../cdk/stages.ts';
import { subscriptions } from '../../shared/domain/events/subscriptions.ts';
import { invokedFunctionOf, optionalNumberAt, toText } from '../support/cdk/intrinsics.ts';
import { contexts, synthesize } from '../support/cdk/synthesis.ts';

const { local, sandbox, production } = contexts;

const consumers = Object.keys(subscriptions) as (keyof typeof subscriptions)[];

/** The reserved concurrency in the templates, by construct: `AcceptPayment`. */
const reservedIn = (context: Readonly<Record<string, string>>): Record<string, number> =>
  Object.fromEntries(
    synthesize(context)
      .all('AWS::Lambda::Function')
      .flatMap(({ name, properties: { ReservedConcurrentExecutions: count } }) =>
        count === undefined ? [] : [[name, Number(count)]],
      ),
  );

const sumOf = (counts: Readonly<Record<string, number>>) =>
  Object.values(counts).reduce((sum, count) => sum + count, 0);

/** The concurrent batches of each event source mapping with a queue, by construct of its function. */
const batchesIn = (context: Readonly<Record<string, string>>) =>
  synthesize(context)
    .all('AWS::Lambda::EventSourceMapping')
    .map(({ properties }) => properties)
    .filter(({ EventSourceArn }) => toText(EventSourceArn ?? '').includes('/Queue'))
    .map((properties) => {
      const maximum = optionalNumberAt(properties, 'ScalingConfig.MaximumConcurrency');
      const pollers = optionalNumberAt(properties, 'ProvisionedPollerConfig.MaximumPollers');

      return [
        invokedFunctionOf(properties.FunctionName),
        maximum ?? 10 * (pollers ?? Number.NaN),
      ] as const;
    });

const synthesisErrorOf = (context: Readonly<Record<string, string>>): unknown => {
  try {
    synthesize(context);
  } catch (error) {
    return error;
  }

  return undefined;
};

describe.each([
  ['local', local],
  ['sandbox', sandbox],
  ['production', production],
] as const)('concurrency (%s)', (stage, context) => {
  const { concurrency, reserveConsumers }: StageProfile = stages[stage];
  const table = Object.fromEntries(
    Object.entries(concurrency).map(([folder, count]) => [pascalCase(folder), count]),
  );

  it('reserves what the table of the stage says', () => {
    const reserved = Object.entries(concurrency).filter(
      ([folder]) => reserveConsumers || !(folder in subscriptions),
    );

    expect(reservedIn(context)).toEqual(
      Object.fromEntries(reserved.map(([folder, count]) => [pascalCase(folder), count])),
    );
  });

  it('leaves 100 executions of the default quota unreserved', () => {
    expect(sumOf(reservedIn(context))).toBeLessThanOrEqual(900);
  });

  it('bounds the concurrent batches of every consumer by its function', () => {
    const batches = batchesIn(context);

    expect(batches.map(([name]) => name).sort()).toEqual(consumers.map(pascalCase).sort());
    for (const [name, count] of batches) expect(count, name).toBe(table[name]);
  });
});

describe('concurrency with settings', () => {
  it.each([
    ['reservedConcurrency', ['AcceptPayment']],
    ['readConcurrency', ['GetPayment', 'GetRefund']],
    ['chargeConcurrency', ['ChargePayment', 'InquirePayment', 'ExecuteRefund']],
  ] as const)('reserves the %s of the context', (name, functions) => {
    const context = { ...production, [name]: '40' };

    for (const one of functions) expect(reservedIn(context)[one], one).toBe(40);
    for (const [one, count] of batchesIn(context)) expect(count).toBe(reservedIn(context)[one]);
  });

  it('reserves the configured concurrency for accept-payment', () => {
    const { named } = synthesize({ ...sandbox, reservedConcurrency: '50' });

    expect(named('AcceptPayment').properties.ReservedConcurrentExecutions).toBe(50);
  });

  it.each([
    ['30', 30],
    ['0', undefined],
  ])('reserves the configured concurrency of %s for reads', (readConcurrency, reserved) => {
    const { named } = synthesize({ ...sandbox, readConcurrency });

    for (const name of ['GetPayment', 'GetRefund'])
      expect(named(name).properties.ReservedConcurrentExecutions).toBe(reserved);
  });

  it('reserves functionConcurrency for every other function of the service', () => {
    const bounded = reservedIn(sandbox);
    const others = synthesize(sandbox)
      .all('AWS::Lambda::Function')
      .filter(({ name, stack }) => stack.endsWith('-service') && bounded[name] === undefined);

    expect(reservedIn({ ...sandbox, functionConcurrency: '3' })).toEqual({
      ...bounded,
      ...Object.fromEntries(others.map(({ name }) => [name, 3])),
    });
  });

  it('rejects a sum that the quota does not allow, with the number of each function', () => {
    const context = { ...production, chargeConcurrency: '200', functionConcurrency: '2' };
    const error = synthesisErrorOf(context);
    const raised = { ...context, concurrencyQuota: '2000' };
    const parts = reservedIn(raised);

    expect(error).toBeInstanceOf(SettingsError);
    expect(`${error}`).toContain(`The functions reserve ${sumOf(parts)}.`);
    expect(`${error}`).toContain('A quota of 1000 leaves 900, because AWS keeps 100 unreserved.');
    expect(`${error}`).toContain(
      '  charge-payment: 200\n  inquire-payment: 200\n  execute-refund: 200\n',
    );
    expect(`${error}`.split('\n').filter((line) => /^ {2}[a-z-]+: \d+$/.test(line))).toHaveLength(
      Object.keys(parts).length,
    );
  });

  it.each([
    ['readConcurrency', '400'],
    ['reservedConcurrency', '300'],
    ['functionConcurrency', '30'],
    ['chargeConcurrency', '1000'],
    ['concurrencyQuota', '500'],
  ])('rejects %s=%s in production', (name, value) => {
    expect(synthesisErrorOf({ ...production, [name]: value })).toBeInstanceOf(SettingsError);
  });

  it('rejects a sum that is one above the quota, and no smaller one', () => {
    const needed = sumOf(reservedIn(production)) + 100;
    const withQuota = (quota: number) => ({ ...production, concurrencyQuota: `${quota}` });

    expect(synthesisErrorOf(withQuota(needed))).toBeUndefined();
    expect(synthesisErrorOf(withQuota(needed - 1))).toBeInstanceOf(SettingsError);
  });

  it('reserves nothing in a sandbox if the account can reserve nothing', () => {
    const small = { ...sandbox, concurrencyQuota: '10' };

    expect(reservedIn(small)).toEqual({});
    expect(batchesIn(small)).toEqual(batchesIn(sandbox));
    expect(synthesisErrorOf({ ...production, concurrencyQuota: '10' })).toBeInstanceOf(
      SettingsError,
    );
  });
});
