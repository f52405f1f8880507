import type { Timers } from '../domain/time.ts';

/** A request to an external system. */
export interface OutboundRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export type PostJson = (request: OutboundRequest) => Promise<void>;

export interface DeliveryPlatform {
  readonly post: PostJson;
}

/**
 * Below the consumer's timeout of 10 s, which also covers its reads and writes; twice the slowest receiver.
 */
export const deliveryDeadlineMs = 6_000;

/** The receiver did not confirm the delivery. It may still have received it. */
export class DeliveryFailedError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'DeliveryFailedError';
  }
}

/**
 * Sends one POST request. Only a 2xx status counts as delivered. Another status, a redirect, a connection
 * failure or a timeout throws DeliveryFailedError. The response body is ignored.
 */
export const postWithDeadline =
  (deadlineMs: number, timers: Timers): PostJson =>
  async ({ url, headers, body }) => {
    const { host } = new URL(url);
    const deadline = new AbortController();
    const { signal } = deadline;
    const cancelDeadline = timers.after(deadlineMs, () => deadline.abort());
    const response = await fetch(url, {
      method: 'POST',
      headers,
      body,
      signal,
      redirect: 'manual',
    })
      .finally(cancelDeadline)
      .catch((cause: Error) => {
        const reason = signal.aborted ? `no response within ${deadlineMs} ms` : 'connection failed';
        throw new DeliveryFailedError(`${host}: ${reason}`, { cause });
      });
    // An incomplete body does not matter: the status is known.
    await response.body?.cancel().catch(() => undefined);
    if (!response.ok) throw new DeliveryFailedError(`${host} responded ${response.status}`);
  };
