import type { EventName } from '../../../shared/domain/events/domain-event.ts';
import { subscriptionFilters, subscriptions } from '../../../shared/domain/events/subscriptions.ts';
import { billedMs, type Deployed } from '../cost/bill.ts';
import type { Counts } from '../counts/counts.ts';
import { sum } from '../measure/statistics.ts';
import { latencies } from './latencies.ts';
import { quotas } from './quotas.ts';
import { chargeBatch } from './settings.ts';

/** What a rate of payments is assumed to be. */
export interface Load {
  readonly perSecond: number;
  /** Milliseconds from accept to the final status: how long a buyer who waits holds an execution. */
  readonly finalMs: number;
}

interface SharedKeys {
  readonly keys: number;
  /** The part of the write units of the table or index that is on these keys. The rest is on keys of its own. */
  readonly share: number;
}

/** The counts of a payment, and of the index with few partition keys that all payments write. */
export interface Measured {
  readonly counts: Counts;
  readonly deployed: Deployed;
  /** The partition keys of tables and indexes that all payments share, such as those of `Payments.byDue`. */
  readonly sharedKeys: Readonly<Record<string, SharedKeys>>;
}

export interface FunctionNeed {
  readonly folder: string;
  /** Executions at a time, on average. */
  readonly average: number;
  /** Executions at a time that should be reserved. */
  readonly reserved: number;
}

/** What a rate of approved payments needs, each payment with an order, a long poll and a webhook. */
export interface RateNeeds extends Load {
  /** The functions that the counts have, most executions first. */
  readonly functions: readonly FunctionNeed[];
  /** Functions of the API that the counts do not have: each request is assumed to take 100 ms at most. */
  readonly otherRequests: number;
  /** Executions that wait, if each buyer waits for the final status. */
  readonly longPolls: number;
  /** Executions of status requests, if no buyer waits and each asks once a second. */
  readonly statusRequests: number;
  /** Requests to API Gateway a second, with long polls and without. */
  readonly apiRequests: { readonly withLongPolls: number; readonly withoutLongPolls: number };
  /** PutEvents requests a second, if each has one event: an upper bound. */
  readonly putEvents: number;
  readonly deliveries: number;
  readonly stateTransitions: number;
  /** Write units a second by table and index, most first. */
  readonly writeUnits: readonly { readonly of: string; readonly units: number }[];
  /** Write units a second of one partition key that payments share. */
  readonly sharedKeyUnits: readonly { readonly of: string; readonly units: number }[];
  /** Messages of the queue of charges that are received and not deleted. */
  readonly chargesInFlight: number;
}

/** The deliveries of an event to queues, for a payment that is neither cancelled nor reviewed. */
const deliveriesOf = (event: string): number =>
  Object.entries(subscriptions).filter(
    ([folder, events]) =>
      (events as readonly EventName[]).includes(event as EventName) &&
      subscriptionFilters[folder as keyof typeof subscriptions] === undefined,
  ).length;

/** An idle queue has five receivers, and each collects for this time: the batching window. */
const receivers = latencies.initialBatches.value;

/** The average size of a batch. */
const batchOf = (messagesPerSecond: number, windowMs: number, max: number): number =>
  Math.min(max, Math.max(1, (messagesPerSecond * windowMs) / 1_000 / receivers));

/** Arrivals are random, so that the number of executions varies by its square root (Poisson distribution). */
const reservedFor = (average: number): number => Math.ceil(average + 3 * Math.sqrt(average));

/** Executions of requests that take 100 ms at most: an environment accepts ten requests a second. */
const executionsOfRequests = (perSecond: number): number =>
  perSecond / quotas.requestsPerEnvironment.value;

/** Requests of one payment besides its status: the order, the payment and the webhook of the gateway. */
const requestsOfAPayment = 3;
/** Those that the counts do not have: the order and the webhook. */
const otherRequestsOfAPayment = 2;

const functionNeeds = (
  { perSecond }: Load,
  { counts, deployed }: Measured,
  windowMs: number,
): readonly FunctionNeed[] =>
  Object.entries(counts.functions)
    .map(([folder, own]) => {
      const isBatched = deployed.behindQueues.includes(folder);
      const max = folder === 'charge-payment' ? chargeBatch : 10;
      const size = isBatched ? batchOf(perSecond * own.invocations, windowMs, max) : 1;
      const inBatches = size > 1 ? counts.batched?.[folder] : undefined;
      const ms = billedMs(folder, { ...own, ...inBatches }, deployed, {
        name: '',
        charges: size,
        messages: size,
        records: 1,
      });
      const average = Math.max(
        (perSecond * ms) / 1_000,
        // A stream waits for an environment and then has larger batches; a request is throttled.
        deployed.behindStreams.includes(folder)
          ? 0
          : executionsOfRequests((perSecond * own.invocations) / size),
      );

      return { folder, average, reserved: reservedFor(average) };
    })
    .sort((a, b) => b.average - a.average);

/** The quotas that a rate of payments needs. Pure: `windowMs` is the batching window of the queues. */
export const needsAt = (load: Load, measured: Measured, windowMs: number): RateNeeds => {
  const { perSecond, finalMs } = load;
  const { counts, sharedKeys } = measured;
  const polls = (perSecond * finalMs) / 1_000;
  const units = Object.entries(counts.written)
    .map(([of, count]) => ({ of, units: count * perSecond }))
    .sort((a, b) => b.units - a.units);

  return {
    ...load,
    functions: functionNeeds(load, measured, windowMs),
    otherRequests: executionsOfRequests(otherRequestsOfAPayment * perSecond),
    longPolls: polls,
    statusRequests: executionsOfRequests(polls),
    apiRequests: {
      withLongPolls: (requestsOfAPayment + 1) * perSecond,
      withoutLongPolls: requestsOfAPayment * perSecond + polls,
    },
    putEvents: perSecond * sum(Object.values(counts.events)),
    deliveries:
      perSecond *
      sum(Object.entries(counts.events).map(([event, count]) => count * deliveriesOf(event))),
    stateTransitions: perSecond * counts.states,
    writeUnits: units,
    sharedKeyUnits: units.flatMap(({ of, units: total }) => {
      const shared = sharedKeys[of];

      return shared === undefined ? [] : [{ of, units: (total * shared.share) / shared.keys }];
    }),
    chargesInFlight: (perSecond * (windowMs + latencies.pgMs.value)) / 1_000,
  };
};

/** What get-payment should reserve. At most half of it waits. */
export const readsFor = (
  { longPolls, statusRequests }: Pick<RateNeeds, 'longPolls' | 'statusRequests'>,
  buyers: 'wait' | 'ask',
): number => (buyers === 'wait' ? 2 * reservedFor(longPolls) : reservedFor(statusRequests));

/**
 * Lambda executions that an account needs for the rate. `reservations` is the table of the stage: its numbers count for
 * the functions that a usual payment does not run.
 */
export const concurrencyOfAccount = (
  needs: RateNeeds,
  buyers: 'wait' | 'ask',
  reservations: Readonly<Record<string, number>>,
): number => {
  const { functions, otherRequests } = needs;
  const counted = [...functions.map(({ folder }) => folder), 'get-payment'];
  const rest = Object.entries(reservations).filter(([folder]) => !counted.includes(folder));

  return (
    sum(functions.map(({ reserved }) => reserved)) +
    sum(rest.map(([, count]) => count)) +
    readsFor(needs, buyers) +
    Math.max(reservedFor(otherRequests), quotas.unreserved.value)
  );
};
