import { join } from 'node:path';
import { stages } from '../../cdk/stages.ts';
import { readResults, resultsFolder } from '../../test/bench/measure/results.ts';
import { concurrencyOfAccount, type RateNeeds } from '../../test/bench/model/needs.ts';
import type { ModelResults } from '../../test/bench/model/run.ts';
import { CliError } from '../cli/cli-error.ts';
import { describeQuotas, type QuotaNeed } from './quotas.ts';

/** What each modelled rate needs, by `npm run bench -- model`. */
const readNeeds = (): readonly RateNeeds[] => {
  const results = readResults<ModelResults>(join(resultsFolder('full'), 'model.json'));
  if (results === undefined) throw new CliError('Run npm run bench -- model first.');

  return results.needs;
};

/** One line for each quota that the modelled rates need, in the account of the environment. */
export const describeModelledQuotas = (): Promise<readonly string[]> => {
  const needs = readNeeds();
  const needed = (needOf: (rate: RateNeeds) => number): QuotaNeed['needed'] =>
    needs.map((rate) => ({ perSecond: rate.perSecond, value: needOf(rate) }));
  const { concurrency } = stages.production;

  // The codes are in the links of the quota pages of Lambda, EventBridge and API Gateway.
  return describeQuotas([
    {
      name: 'Lambda executions, if buyers ask once a second',
      serviceCode: 'lambda',
      quotaCode: 'L-B99A9384',
      needed: needed((rate) => concurrencyOfAccount(rate, 'ask', concurrency)),
    },
    {
      name: 'EventBridge PutEvents requests a second, one event each',
      serviceCode: 'events',
      quotaCode: 'L-9B653E91',
      needed: needed(({ putEvents }) => putEvents),
    },
    {
      name: 'EventBridge deliveries a second',
      serviceCode: 'events',
      quotaCode: 'L-5540C5E3',
      needed: needed(({ deliveries }) => deliveries),
    },
    {
      name: 'API Gateway requests a second, if buyers ask once a second',
      serviceCode: 'apigateway',
      quotaCode: 'L-8A5B8E43',
      needed: needed(({ apiRequests }) => apiRequests.withoutLongPolls),
    },
  ]);
};
