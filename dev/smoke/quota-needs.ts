import { join } from 'node:path';
import { type CountResults, countsFile } from '../../test/bench/counts/results.ts';
import { readResults, resultsFolder } from '../../test/bench/measure/results.ts';
import type { ModelResults } from '../../test/bench/model/run.ts';
import { production, scenarios } from '../../test/bench/model/settings.ts';
import { CliError } from '../cli/cli-error.ts';
import { describeQuotas, type QuotaNeed } from './quotas.ts';

/** What one approved payment uses, by the counts of `npm run bench -- counts`. */
const readPaymentCounts = () => {
  const approved = readResults<CountResults>(countsFile)?.kinds.approved;
  if (approved === undefined) throw new CliError('Run npm run bench -- counts first.');
  const events = Object.values(approved.events).reduce((sum, count) => sum + count, 0);

  return { events, deliveries: approved.queueRequests.send ?? 0 };
};

/** The chargers at a time at each steady rate, by `npm run bench -- model`. */
const readChargers = () => {
  const runs = readResults<ModelResults>(join(resultsFolder('full'), 'model.json'))?.runs ?? [];

  return scenarios
    .filter(({ isWarm }) => isWarm)
    .flatMap(({ name, perSecond }) => {
      const run = runs.find(({ pace, scenario }) => pace === production.name && scenario === name);

      return run ? [{ perSecond, value: run.said.chargers }] : [];
    });
};

/** One line for each quota that the modelled rates need, in the account of the environment. */
export const describeModelledQuotas = (): Promise<readonly string[]> => {
  const { events, deliveries } = readPaymentCounts();
  const chargers = readChargers();
  const perPayment = (count: number): QuotaNeed['needed'] =>
    chargers.map(({ perSecond }) => ({ perSecond, value: perSecond * count }));

  // The codes are in the links of the quota pages of Lambda and EventBridge.
  return describeQuotas([
    {
      name: 'Lambda executions, for chargers alone',
      serviceCode: 'lambda',
      quotaCode: 'L-B99A9384',
      needed: chargers,
    },
    {
      name: 'EventBridge PutEvents requests a second, one event each',
      serviceCode: 'events',
      quotaCode: 'L-9B653E91',
      needed: perPayment(events),
    },
    {
      name: 'EventBridge deliveries a second',
      serviceCode: 'events',
      quotaCode: 'L-5540C5E3',
      needed: perPayment(deliveries),
    },
  ]);
};
