/** The queues of another process. */
export interface RemoteQueues {
  send(queue: string, body: string): void;
  /** The number of messages that have not arrived there. */
  readonly depth: number;
}

/** The operation by which another process takes messages, and its input. */
export const deliverMessages = 'Bench.DeliverMessages';
export interface Delivery {
  readonly messages: readonly { readonly queue: string; readonly body: string }[];
}

/** Sends the messages of one turn of the event loop in one request. `onFailure` is called if they are lost. */
export const createRemoteQueues = (
  url: string,
  onFailure: (reason: string) => void,
): RemoteQueues => {
  let waiting: { queue: string; body: string }[] = [];
  let inFlight = 0;

  const flush = async () => {
    const messages = waiting;
    waiting = [];
    inFlight += messages.length;
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'x-amz-target': deliverMessages },
        body: JSON.stringify({ messages } satisfies Delivery),
      });
      if (!response.ok) throw new Error(await response.text());
    } catch (error) {
      onFailure(`${messages.length} messages for another process: ${error}`);
    } finally {
      inFlight -= messages.length;
    }
  };

  return {
    send(queue, body) {
      waiting.push({ queue, body });
      if (waiting.length === 1) setImmediate(flush);
    },
    get depth() {
      return waiting.length + inFlight;
    },
  };
};
