import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import type { Process } from './process.ts';
import type { WorldParts } from './world-parts.ts';

/** A call of a process to something outside. */
export interface OutgoingCall {
  readonly service: 'dynamodb' | 'sqs' | 'events' | 'secrets' | 'receiver';
  readonly operation: string;
  /** What a storm can hit: `table Payments`, `queues`, `bus`, `receivers`. */
  readonly subjects: readonly string[];
}

interface Fate {
  readonly crash?: 'before' | 'after';
  readonly failure?: { readonly when: 'before' | 'after'; readonly error: () => Error };
  readonly resendAfterMs?: number;
}

/** An exception of a service, as the SDK throws it. */
export const awsError = (name: string, fault: 'client' | 'server' = 'client'): Error =>
  Object.assign(new Error(name), { name, $fault: fault, $metadata: {} });

/** The SDK's own error when no response came in time. */
const timeoutError = () =>
  Object.assign(new Error('Request timed out'), { name: 'TimeoutError', $metadata: {} });

const conflictReasons = [{ Code: 'TransactionConflict' }, { Code: 'None' }];

const cancelledByConflict = () =>
  new TransactionCanceledException({
    message: 'Transaction cancelled, please refer to cancellation reasons for specific reasons.',
    $metadata: {},
    CancellationReasons: conflictReasons,
  });

/**
 * The way of each call of a process to AWS and back. The call arrives after a while, takes effect at one instant,
 * and is answered after another while; faults decide about each part.
 */
export const createNetwork = ({ time, random, faults, story }: WorldParts) => {
  const latency = (place: string) => {
    let ms = random.between(1, 6);
    if (faults.occurs('slow', place)) ms += faults.duration(faults.mix.slowMs);
    if (faults.occurs('stall', place, 0.5)) ms += faults.duration(faults.mix.stallMs);

    return ms;
  };

  const fateOf = ({ service, operation, subjects }: OutgoingCall, place: string): Fate => {
    const rejected = (name: string): Fate => ({
      failure: { when: 'before', error: () => awsError(name) },
    });
    if (subjects.some((subject) => faults.isStormy(subject)))
      return rejected('ThrottlingException');
    // Each copy of a waiting message waits again, so that faults of queues multiply.
    const rare = service === 'sqs' ? 0.1 : 1;
    if (faults.occurs('crashBefore', place)) return { crash: 'before' };
    if (faults.occurs('crashAfter', place, rare)) return { crash: 'after' };
    if (service === 'dynamodb') {
      if (operation === 'TransactWrite') {
        if (faults.occurs('transactionConflict', place))
          return { failure: { when: 'before', error: cancelledByConflict } };
        if (faults.occurs('transactionInProgress', place))
          return { failure: { when: 'after', error: cancelledByConflict } };
      } else if (
        /^(Update|Put|Delete)/.test(operation) &&
        faults.occurs('transactionConflict', place, 0.3)
      )
        return rejected('TransactionConflictException');
    }
    if (faults.occurs('throttle', place)) return rejected('ThrottlingException');
    if (faults.occurs('lostResponse', place, rare)) {
      const error = faults.pick([timeoutError, () => awsError('InternalServerError', 'server')]);

      return { failure: { when: 'after', error } };
    }
    if (service !== 'receiver' && faults.occurs('resend', place, rare / 2))
      return { resendAfterMs: faults.pick([200, 3_100]) };

    return {};
  };

  /**
   * Runs `effect` for each attempt of the SDK that arrives, the first with 1. Settles in the process of the caller.
   */
  return <T>(process: Process, call: OutgoingCall, effect: (attempt: number) => T): Promise<T> =>
    new Promise<T>((resolve, reject) => {
      const name = `${call.service}:${call.operation}`;
      const place = `${process.name} ${name}`;
      const fate = fateOf(call, place);
      const settle = (work: () => void) => process.after(latency(place), work);
      const fail = (what: string, error: Error) => {
        story.record(process.actor, () => `${name} ${what}: ${error.name}`);
        settle(() => reject(error));
      };
      const attemptEffect = (attempt: number): (() => void) => {
        try {
          const value = effect(attempt);

          return () => resolve(value);
        } catch (error) {
          story.record(process.actor, () => `${name} throws ${(error as Error).name}`);

          return () => reject(error);
        }
      };
      const arrive = (attempt: number): void => {
        // A request that was under way when its sender died may arrive or not.
        if (process.isDead && random.chance(0.5)) return;
        const { crash, failure, resendAfterMs } = attempt === 1 ? fate : {};
        if (crash === 'before' && process.kill(`before ${name}`)) return;
        if (failure?.when === 'before') {
          fail('fails', failure.error());
          return;
        }
        const answer = attemptEffect(attempt);
        if (crash === 'after' && process.kill(`after ${name}`)) return;
        if (failure) fail('response lost', failure.error());
        else if (resendAfterMs !== undefined) {
          story.record(process.actor, () => `${name} is sent again by the SDK`);
          time.after(resendAfterMs, () => arrive(2));
        } else settle(answer);
      };
      time.after(latency(place), () => arrive(1));
    });
};

export type Network = ReturnType<typeof createNetwork>;
