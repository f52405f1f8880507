import type { ChargeList } from './charge-list.ts';
import type { NotSent, PaymentGateway } from './payment-gateway.ts';

/** Reads the API key. With a bound, a key from memory is at most that old. */
export type ReadApiKey = (age?: { readonly atMostMs: number }) => Promise<string>;

interface LazyOptions<Opened> {
  readonly readApiKey: ReadApiKey;
  readonly create: (secretKey: string) => Promise<Opened>;
}

type GatewayResult = { readonly outcome: string; readonly cause?: NotSent['cause'] };

/**
 * Reads a secret again after it was rejected: a key that was rotated a moment ago is not in memory yet. The
 * bound limits this to once a second, however many calls are rejected.
 */
export const recentRead = { atMostMs: 1_000 };

/**
 * Creates the gateway with its API key at each call. If the key cannot be read, nothing is sent, and the caller
 * tries again later. If the gateway rejects the key, nothing was done: reads the key again and, if it has
 * changed, repeats the call once.
 */
export const lazyGateway = ({
  readApiKey,
  create,
}: LazyOptions<PaymentGateway>): PaymentGateway => {
  const withKey = async <Outcome extends GatewayResult>(
    call: (gateway: PaymentGateway) => Promise<Outcome>,
  ): Promise<Outcome | NotSent> => {
    const key = await readApiKey().catch(keyUnreadableOutcome);
    if (typeof key !== 'string') return key;
    const result = await call(await create(key));
    if (result.cause !== 'credentials') return result;
    const reloadedKey = await readApiKey(recentRead).catch(() => key);

    return reloadedKey === key ? result : call(await create(reloadedKey));
  };

  return {
    charge: (request) => withKey((gateway) => gateway.charge(request)),
    inquire: (reference) => withKey((gateway) => gateway.inquire(reference)),
    cancel: (reference) => withKey((gateway) => gateway.cancel(reference)),
    refund: (request) => withKey((gateway) => gateway.refund(request)),
    inquireRefund: (request) => withKey((gateway) => gateway.inquireRefund(request)),
  };
};

/** The reader counts the failure. The reason has the name of the error: messages may contain ARNs and values. */
const keyUnreadableOutcome = (error: unknown): NotSent => ({
  outcome: 'not-sent',
  reason: `the API key could not be read: ${errorNameOf(error)}`,
  cause: 'key-unreadable',
});

/** Powertools wraps the error of Secrets Manager, such as AccessDeniedException or DecryptionFailure. */
const errorNameOf = (error: unknown): string => {
  if (!(error instanceof Error)) return 'unknown error';

  return error.cause instanceof Error ? error.cause.name : error.name;
};

/** Creates the charge list with its API key at each call; throws if the key cannot be read. */
export const lazyChargeList = ({ readApiKey, create }: LazyOptions<ChargeList>): ChargeList => ({
  async *charges() {
    yield* (await create(await readApiKey())).charges();
  },
});
