import { expect, it } from 'vitest';
import { environmentsAt, environmentsFor } from '../../bench/measure/environments.ts';
import type { Deployment } from '../../support/cdk/deployment/deployed-resources.ts';

const consumers = [
  { folder: 'charge-payment', batchSize: 10 },
  { folder: 'notify-buyer', batchSize: 10 },
  { folder: 'update-ranking', batchSize: 10 },
] as unknown as Deployment['consumers'];
const outside = { pgMs: 5_000, dataPlatformMs: 3_000, notificationMs: 500 };

it('has an environment for each batch that waits, and some more', () => {
  // 90 charges a second wait 5 s each in batches of ten; of two notifications each waits 0.5 s.
  expect(environmentsAt(90, { consumers }, outside)).toEqual({
    'charge-payment': 50,
    'notify-buyer': 10,
  });
});

it('has one environment more than processors for a function that computes', () => {
  expect(environmentsFor(2)).toBe(3);
});
