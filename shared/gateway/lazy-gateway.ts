import type { ChargeLedger } from './charge-list.ts';
import type { NotSent, PaymentGateway } from './payment-gateway.ts';

/** Reads the API key; with a bound, a key in memory may be no older than that. */
export type ReadKey = (age?: { readonly atMostMs: number }) => Promise<string>;

interface Deferred<Opened> {
  readonly keyOf: ReadKey;
  readonly open: (secretKey: string) => Promise<Opened>;
}

type Answer = { readonly outcome: string; readonly cause?: NotSent['cause'] };

/** A key that was replaced a moment ago is not in memory yet. While the gateway refuses every key, it is read once a second at most. */
const momentAgo = { atMostMs: 1_000 };

/**
 * A gateway that is opened with its API key at each call. Where the key cannot be read, nothing was sent. Where the gateway refuses it,
 * nothing was done, so the key is read again and, if it is another by now, the same call is made once more.
 */
export const deferred = ({ keyOf, open }: Deferred<PaymentGateway>): PaymentGateway => {
  const through = async <Outcome extends Answer>(
    call: (gateway: PaymentGateway) => Promise<Outcome>,
  ): Promise<Outcome | NotSent> => {
    const key = await keyOf().catch(unreadable);
    if (typeof key !== 'string') return key;
    const answer = await call(await open(key));
    if (answer.cause !== 'credentials') return answer;
    const newest = await keyOf(momentAgo).catch(() => key);

    return newest === key ? answer : call(await open(newest));
  };

  return {
    charge: (request) => through((gateway) => gateway.charge(request)),
    inquire: (reference) => through((gateway) => gateway.inquire(reference)),
    cancel: (reference) => through((gateway) => gateway.cancel(reference)),
    refund: (request) => through((gateway) => gateway.refund(request)),
    inquireRefund: (request) => through((gateway) => gateway.inquireRefund(request)),
  };
};

const unreadable = (error: unknown): NotSent => ({
  outcome: 'not-sent',
  reason: `the API key could not be read: ${error instanceof Error ? error.name : 'unknown error'}`,
  cause: 'credentials',
});

/** A ledger that is opened at each call, and throws where it cannot be. */
export const deferredLedger = ({ keyOf, open }: Deferred<ChargeLedger>): ChargeLedger => ({
  async *charges() {
    yield* (await open(await keyOf())).charges();
  },
});
