import { expect, it } from 'vitest';
import { chargeBatch, production, relayBatch } from '../bench/model/settings.ts';
import { invokedFunctionOf, toText } from '../support/cdk/intrinsics.ts';
import { contexts, synthesize } from '../support/cdk/synthesis.ts';

const mappingsOf = (context: Readonly<Record<string, string>>, folder: string) =>
  synthesize(context)
    .all('AWS::Lambda::EventSourceMapping')
    .filter(({ properties }) => invokedFunctionOf(properties.FunctionName) === folder)
    .map(({ properties }) => properties);

it('provisions the charge pollers of production by the model', () => {
  const { pollers, windowMs } = production;
  if (pollers.kind !== 'provisioned') throw new Error('Production must have provisioned pollers.');

  expect(mappingsOf(contexts.production, 'ChargePayment')).toEqual([
    expect.objectContaining({
      BatchSize: chargeBatch,
      MaximumBatchingWindowInSeconds: windowMs / 1_000,
      ProvisionedPollerConfig: { MinimumPollers: pollers.least, MaximumPollers: pollers.most },
    }),
  ]);
});

it.each(Object.entries(contexts))(
  'gives every batch of more than ten messages a window (%s)',
  (stage, context) => {
    const mappings = synthesize(context)
      .all('AWS::Lambda::EventSourceMapping')
      .map(({ properties }) => properties)
      .filter(({ EventSourceArn, BatchSize }) => {
        const isQueue = toText(EventSourceArn ?? '').includes('/Queue');

        return isQueue && Number(BatchSize) > 10;
      });

    expect(mappings).toHaveLength(stage === 'local' ? 0 : 1);
    // https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html
    for (const { MaximumBatchingWindowInSeconds } of mappings)
      expect(MaximumBatchingWindowInSeconds).toBeGreaterThanOrEqual(1);
  },
);

it('relays as many concurrent batches per shard as the model', () => {
  const mappings = mappingsOf(contexts.production, 'RelayChanges');

  expect(mappings).not.toEqual([]);
  for (const mapping of mappings) {
    expect(mapping, toText(mapping.EventSourceArn ?? '')).toMatchObject({
      BatchSize: relayBatch,
      ParallelizationFactor: production.parallelization,
    });
  }
});

// A mapping cannot have both limits, so that a smaller number in an incident should not exchange them.
it.each([
  ['50', { ProvisionedPollerConfig: { MinimumPollers: 5, MaximumPollers: 5 } }],
  ['29', { ProvisionedPollerConfig: { MinimumPollers: 2, MaximumPollers: 2 } }],
  ['150', { ProvisionedPollerConfig: { MinimumPollers: 10, MaximumPollers: 15 } }],
  // SQS allows no single poller.
  ['19', { ScalingConfig: { MaximumConcurrency: 19 } }],
])(
  'polls for a charge concurrency of %s in the same way, if it can',
  (chargeConcurrency, limit) => {
    const context = { ...contexts.production, chargeConcurrency, concurrencyQuota: '2000' };
    const [mapping] = mappingsOf(context, 'ChargePayment');
    const { ProvisionedPollerConfig, ScalingConfig } = mapping ?? {};

    expect({ ProvisionedPollerConfig, ScalingConfig }).toEqual(limit);
  },
);
