import {
  DeliveryFailedError,
  type OutboundRequest,
  type PostJson,
} from '../../../shared/lambda/http-delivery.ts';
import type { Delivery } from '../run-record.ts';
import type { Faults } from '../virtual/faults.ts';
import type { Network } from '../virtual/network.ts';
import type { Process } from '../virtual/process.ts';

/** The data platform and the notification service: they recognize a duplicate by its id. */
export class Receivers {
  readonly #network: Network;
  readonly #faults: Faults;
  readonly #deliveries = new Map<
    string,
    { receiver: Delivery['receiver']; key: string; bodies: string[]; times: number }
  >();

  constructor(network: Network, faults: Faults) {
    this.#network = network;
    this.#faults = faults;
  }

  get deliveries(): readonly Delivery[] {
    return [...this.#deliveries.values()];
  }

  /** The outgoing POST of one process. */
  postOf(process: Process): PostJson {
    return (request) =>
      this.#network(
        process,
        { service: 'receiver', operation: 'Post', subjects: ['receivers'] },
        () => this.#receive(request),
      ).catch((cause: Error) => {
        if (cause instanceof DeliveryFailedError) throw cause;
        throw new DeliveryFailedError('connection failed', { cause });
      });
  }

  #receive({ url, headers, body }: OutboundRequest): void {
    const { hostname } = new URL(url);
    if (this.#faults.occurs('receiverError', hostname))
      throw new DeliveryFailedError(`${hostname} responded 500`);
    const receiver = hostname.startsWith('notifications') ? 'notifications' : 'data-platform';
    const key = headers['idempotency-key'] ?? headers['webhook-id'] ?? '';
    const id = `${receiver} ${key}`;
    const delivery = this.#deliveries.get(id) ?? { receiver, key, bodies: [], times: 0 };
    if (!delivery.bodies.includes(body)) delivery.bodies.push(body);
    delivery.times += 1;
    this.#deliveries.set(id, delivery);
  }
}
