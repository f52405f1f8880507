/** One request to a system outside. */
export interface OutboundRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export type PostJson = (outgoing: OutboundRequest) => Promise<void>;

export interface DeliveryPlatform {
  readonly post: PostJson;
}

/** Inside a listener's own 10 s with room for its reads and writes, and twice what the slowest receiver needs. */
export const deliveryDeadlineMs = 6_000;

/** The receiver did not say that it has it. It may have it all the same. */
export class DeliveryFailedError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'DeliveryFailedError';
  }
}

/**
 * POSTs once and takes a 2xx for delivered; anything else, a redirect and a silence beyond the deadline included, is thrown as
 * Undelivered. The status alone decides: nobody waits for a body.
 */
export const postWithDeadline =
  (deadlineMs: number): PostJson =>
  async ({ url, headers, body }) => {
    const { host } = new URL(url);
    const signal = AbortSignal.timeout(deadlineMs);
    const response = await fetch(url, {
      method: 'POST',
      headers,
      body,
      signal,
      redirect: 'manual',
    }).catch((cause: Error) => {
      const reason = signal.aborted ? `no answer within ${deadlineMs} ms` : 'no connection';
      throw new DeliveryFailedError(`${host}: ${reason}`, { cause });
    });
    // A body that breaks off changes nothing: the status has been said.
    await response.body?.cancel().catch(() => undefined);
    if (!response.ok) throw new DeliveryFailedError(`${host} answered ${response.status}`);
  };
