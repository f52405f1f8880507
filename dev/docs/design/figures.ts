import { stages } from '../../../cdk/stages.ts';
import { timings } from '../../../shared/domain/timings.ts';
import { batched, billOf, oneByOne, totalOf } from '../../../test/bench/cost/bill.ts';
import { savings } from '../../../test/bench/cost/report.ts';
import { total } from '../../../test/bench/counts/counts.ts';
import {
  limitsFor,
  ratiosAt,
  type Summary,
  summarize,
} from '../../../test/bench/measure/figures.ts';
import type { Loop } from '../../../test/bench/measure/load.ts';
import { percent, rounded, roundsText, spread } from '../../../test/bench/measure/report.ts';
import { briefRates, followedRate, userLevels } from '../../../test/bench/measure/schedule.ts';
import type { Spread } from '../../../test/bench/measure/statistics.ts';
import type { SystemName } from '../../../test/bench/measure/system.ts';
import { latencies } from '../../../test/bench/model/latencies.ts';
import { concurrencyOfAccount, type RateNeeds } from '../../../test/bench/model/needs.ts';
import { rateOfRegion } from '../../../test/bench/model/needs-report.ts';
import { quotas, regionQuotas } from '../../../test/bench/model/quotas.ts';
import { production, raised } from '../../../test/bench/model/settings.ts';
import { dependencies } from './dependencies.ts';
import type { BenchResults } from './results.ts';

type Figures = Readonly<Record<string, string>>;

export const closedLoop = (users: number): Loop => ({ kind: 'closed', users });
export const openLoop = (perSecond: number): Loop => ({
  kind: 'open',
  perSecond,
  mostUsers: 1_000,
});

const words = [
  'none',
  'one',
  'two',
  'three',
  'four',
  'five',
  'six',
  'seven',
  'eight',
  'nine',
  'ten',
];
export const numberInWords = (count: number): string => words[count] ?? String(count);

export const whole = (value: number) => value.toLocaleString('en-US', { maximumFractionDigits: 0 });
export const ms = (value: number) => `${rounded(value)} ms`;
const seconds = (value: number) => `${rounded(value / 1_000)} s`;
export const dollars = (value: number) => `$${value.toFixed(2)}`;
export const part = (value: number) => percent({ median: value, least: value, most: value });

/** The results of one system under one load, named with the prefix. */
const observed = (prefix: string, one: Summary): Figures =>
  Object.fromEntries(
    Object.entries({
      rate: `${spread(one.perSecond)} a second`,
      finals: `${spread(one.completedPerSecond)} a second`,
      p50: ms(one.p50Ms.median),
      p95: ms(one.p95Ms.median),
      p99: ms(one.p99Ms.median),
      ...(one.finals && {
        in30s: percent(one.finals.within30s),
        final: one.finals.medianMs ? seconds(one.finals.medianMs.median) : 'never',
      }),
      ...(one.stages && {
        reserved: ms(one.stages.untilClaimedMs.median),
        charged: ms(one.stages.untilChargedMs.median),
      }),
    }).map(([name, value]) => [`${prefix}.${name}`, value]),
  );

const times = (ratio: Spread) => `${spread(ratio)} times`;

const loadFigures = ({ load }: BenchResults): Figures => {
  const { machine, date, rounds, plannedRounds } = load;
  const before = limitsFor(load, 'synchronous');
  const after = limitsFor(load, 'after');
  const of = (system: SystemName, loop: Loop) => summarize(load, system, loop);

  return {
    date: date.slice(0, 10),
    rounds: roundsText(rounds.length, plannedRounds),
    machine: `${machine.processors}, ${machine.memoryGb} GB, ${machine.system}`,
    tools: `Node ${machine.node}, ${machine.k6}, ${machine.database}`,
    commit: machine.commit,
    ...Object.assign(
      {},
      ...userLevels.flatMap((users) => [
        observed(`before.${users}`, of('synchronous', closedLoop(users))),
        observed(`after.${users}`, of('after', closedLoop(users))),
        { [`ratio.${users}`]: times(ratiosAt(load, users).throughput) },
      ]),
    ),
    ...observed('one', of('one-transaction', closedLoop(50))),
    'followed.rate': `${followedRate} payments a second`,
    ...observed('followed', of('after', openLoop(followedRate))),
    ...observed('usual', of('after', openLoop(briefRates.before))),
    ...observed('hoped', of('after', openLoop(briefRates.after))),
    'before.breaks': `${spread(before.breaksAt)} a second`,
    'after.breaks': `${spread(after.breaksAt)} a second`,
    'after.prompt': after.promptUpTo
      ? `${spread(after.promptUpTo)} a second`
      : 'none of the measured rates',
  };
};

const countFigures = ({ counts }: BenchResults): Figures => {
  const { kinds, deployed } = counts;
  const { approved, declined } = kinds;
  const accept = approved?.functions['accept-payment'];
  if (approved === undefined || declined === undefined || accept === undefined) {
    throw new Error('The counts have no approved or no declined payment.');
  }
  const { whole: saved, lambda, waiting } = savings(approved, deployed);
  const bill = (shape: typeof batched) => dollars(totalOf(billOf(approved, deployed, shape)));

  return {
    'counts.date': counts.date.slice(0, 10),
    'accept.trips': numberInWords(accept.roundTrips),
    'accept.units': numberInWords(accept.writeUnits),
    'payment.trips': whole(total(approved, 'roundTrips')),
    'payment.logs': `${whole(total(approved, 'logBytes'))} bytes`,
    'declined.states': whole(declined.states),
    'cost.batched': bill(batched),
    'cost.single': bill(oneByOne),
    'cost.saved': `${saved.toFixed(1)} times`,
    'cost.lambda': `${lambda.toFixed(1)} times`,
    'cost.waiting': `${waiting.toFixed(1)} times`,
  };
};

const coldFigures = ({ cold }: BenchResults): Figures => {
  const accept = cold.functions['accept-payment'];
  if (accept === undefined) throw new Error('The cold starts have no accept-payment.');
  const bytes = Object.values(cold.functions).map((one) => one.bytes);

  return {
    'cold.date': cold.date.slice(0, 10),
    'cold.accept': `${rounded(accept.bytes / 1_024)} KB`,
    'cold.least': `${rounded(Math.min(...bytes) / 1_024)} KB`,
    'cold.most': `${rounded(Math.max(...bytes) / 1_024)} KB`,
    'cold.load': ms(accept.tookMs.median),
  };
};

/** The quotas of the highest rate, and what the default ones allow. */
const quotaFigures = (needs: readonly RateNeeds[]): Figures => {
  const highest = needs.at(-1);
  const [large] = regionQuotas;
  const seoul = regionQuotas.find(({ regions }) => regions.includes('ap-northeast-2'));
  const [most] = highest?.writeUnits ?? [];
  if (!highest || !large || !seoul || !most) throw new Error('The model has no needs.');
  const { concurrency } = stages.production;
  const rate = (value: number) => Math.floor(value).toLocaleString('en-US');
  const hot = highest.sharedKeyUnits.filter(({ units }) => units > quotas.unitsOfAPartition.value);

  return {
    'quota.large': large.regions,
    'quota.large.rate': rate(rateOfRegion(large, highest)),
    'quota.seoul.rate': rate(rateOfRegion(seoul, highest)),
    'quota.ask': whole(concurrencyOfAccount(highest, 'ask', concurrency)),
    'quota.wait': whole(concurrencyOfAccount(highest, 'wait', concurrency)),
    'quota.table': most.of,
    'quota.hot': hot.length > 0 ? hot.map(({ of }) => of).join(', ') : 'none',
    'quota.firstDay': rate((quotas.unitsOfANewTable.value * highest.perSecond) / most.units),
  };
};

const modelFigures = ({ model }: BenchResults): Figures => {
  const resultOf = (pace: string, scenario: string) => {
    const run = model.runs.find((one) => one.pace === pace && one.scenario === scenario);
    if (run === undefined) throw new Error(`The model has no run of ${pace}, ${scenario}.`);

    return run.said;
  };
  const hoped = resultOf(production.name, '140.8/s, steady');
  const hopedCold = resultOf(production.name, '140.8/s, from cold');
  const steady = resultOf(raised.name, '1,000/s, steady');
  const cold = resultOf(raised.name, '1,000/s, from cold');
  const ramp = resultOf('AWS’s own ramp, 1,000 chargers at most', '1,000/s, from cold');

  return {
    'model.hoped': part(hoped.within30s),
    'model.hoped.p999': seconds(hoped.p999Ms),
    'model.hoped.cold': part(hopedCold.within30s),
    'model.hoped.cold.p999': seconds(hopedCold.p999Ms),
    ...quotaFigures(model.needs),
    'model.steady': part(steady.within30s),
    'model.steady.p999': seconds(steady.p999Ms),
    'model.cold': part(cold.within30s),
    'model.cold.p999': seconds(cold.p999Ms),
    'model.ramp': part(ramp.within30s),
    'model.ramp.p999': seconds(ramp.p999Ms),
    'model.chargers': whole(steady.chargers),
  };
};

const gatewayFigures = ({ gateway }: BenchResults): Figures => {
  const alone = gateway.runs[0];
  if (alone === undefined) throw new Error('The gateway benchmark has no run.');

  return { 'gateway.p50': ms(alone.seen.latencyMs?.med ?? Number.NaN) };
};

/** Settings of the code: neither measured nor from the brief. */
const settings = (): Figures => {
  const { batchingWindow, chargeBatchSize, minChargePollers, concurrency } = stages.production;
  const { cloud } = timings;

  return {
    'set.batch': `${chargeBatchSize}`,
    'set.window': `${batchingWindow.toSeconds()} s`,
    'set.pollers': `${minChargePollers} to ${concurrency['charge-payment'] / latencies.batchesPerPoller.value}`,
    'set.pgTimeout': `${cloud.pgTimeoutMs / 1_000} s`,
    'set.claim': `${cloud.claimLeaseMs / 1_000} s`,
    'set.hold': `${cloud.holdExpiryMs / 60_000} minutes`,
    'set.inFlight': `${cloud.inFlightWindowMs / 60_000} minutes`,
  };
};

/** The figures of the document, by placeholder. */
export const figuresOf = (results: BenchResults): Figures => {
  const needs = dependencies();

  return {
    ...loadFigures(results),
    ...countFigures(results),
    ...coldFigures(results),
    ...modelFigures(results),
    ...gatewayFigures(results),
    ...settings(),
    ...Object.fromEntries(
      Object.entries(needs).flatMap(([form, names]) => [
        [`needs.${form}`, numberInWords(names.length)],
        [`needs.${form}.names`, names.join(', ')],
      ]),
    ),
  };
};
