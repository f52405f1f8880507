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
import { production } from '../../../test/bench/model/settings.ts';
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

const whole = (value: number) => value.toLocaleString('en-US', { maximumFractionDigits: 0 });
const ms = (value: number) => `${rounded(value)} ms`;
const seconds = (value: number) => `${rounded(value / 1_000)} s`;
const dollars = (value: number) => `$${value.toFixed(2)}`;
const part = (value: number) => percent({ median: value, least: value, most: value });

/** What one load has seen of one system, each by its name after the prefix. */
const seen = (prefix: string, one: Summary): Figures =>
  Object.fromEntries(
    Object.entries({
      rate: `${spread(one.perSecond)} a second`,
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
        seen(`before.${users}`, of('synchronous', closedLoop(users))),
        seen(`after.${users}`, of('after', closedLoop(users))),
        { [`ratio.${users}`]: times(ratiosAt(load, users).throughput) },
      ]),
    ),
    ...seen('one', of('one-transaction', closedLoop(50))),
    'followed.asked': `${followedRate} payments a second`,
    ...seen('followed', of('after', openLoop(followedRate))),
    ...seen('usual', of('after', openLoop(briefRates.before))),
    ...seen('hoped', of('after', openLoop(briefRates.after))),
    'before.breaks': `${spread(before.breaksAt)} a second`,
    'after.breaks': `${spread(after.breaksAt)} a second`,
    'after.prompt': after.promptUpTo
      ? `${spread(after.promptUpTo)} a second`
      : 'no rate that was tried',
  };
};

const countFigures = ({ counts }: BenchResults): Figures => {
  const { kinds, deployed } = counts;
  const { approved, declined } = kinds;
  const accept = approved?.functions['accept-payment'];
  if (approved === undefined || declined === undefined || accept === undefined) {
    throw new Error('Nobody counted a payment that is approved, and one that is declined.');
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
  if (accept === undefined) throw new Error('Nobody started accept-payment.');
  const bytes = Object.values(cold.functions).map((one) => one.bytes);

  return {
    'cold.date': cold.date.slice(0, 10),
    'cold.accept': `${rounded(accept.bytes / 1_024)} KB`,
    'cold.least': `${rounded(Math.min(...bytes) / 1_024)} KB`,
    'cold.most': `${rounded(Math.max(...bytes) / 1_024)} KB`,
    'cold.load': ms(accept.tookMs.median),
  };
};

const modelFigures = ({ model }: BenchResults): Figures => {
  const said = (pace: string, scenario: string) => {
    const run = model.runs.find((one) => one.pace === pace && one.scenario === scenario);
    if (run === undefined) throw new Error(`The model was not asked about ${pace}, ${scenario}.`);

    return run.said;
  };
  const steady = said(production.name, '1,000/s, steady');
  const cold = said(production.name, '1,000/s, from cold');
  const ramp = said('AWS’s own ramp, 1,000 chargers at most', '1,000/s, from cold');

  return {
    'model.steady': part(steady.within30s),
    'model.steady.p999': seconds(steady.p999Ms),
    'model.cold': part(cold.within30s),
    'model.cold.p999': seconds(cold.p999Ms),
    'model.ramp': part(ramp.within30s),
    'model.chargers': whole(steady.chargers),
  };
};

const gatewayFigures = ({ gateway }: BenchResults): Figures => {
  const alone = gateway.runs[0];
  if (alone === undefined) throw new Error('Nobody went through the gateway.');

  return { 'gateway.p50': ms(alone.seen.latencyMs?.med ?? Number.NaN) };
};

/** What is set, in code, and so is neither measured nor the brief's. */
const settings = (): Figures => {
  const { batchingWindow, chargePollers } = stages.production;
  const { cloud } = timings;

  return {
    'set.window': `${batchingWindow.toSeconds()} s`,
    'set.pollers': `${chargePollers.minimumPollers} to ${chargePollers.maximumPollers}`,
    'set.pgTimeout': `${cloud.pgTimeoutMs / 1_000} s`,
    'set.claim': `${cloud.claimLeaseMs / 1_000} s`,
    'set.hold': `${cloud.holdExpiryMs / 60_000} minutes`,
    'set.inFlight': `${cloud.inFlightWindowMs / 60_000} minutes`,
  };
};

/** Every figure that the document's prose may name. */
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
