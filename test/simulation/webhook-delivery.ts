import { paymentIdOfReference } from '../../shared/domain/payments/charge-reference.ts';
import type { ApiRequest } from '../support/builders/api-gateway-event.ts';
import type { SimulatedWebhook } from './gateways/gateway.ts';
import type { ApiAnswer } from './run-record.ts';
import type { WorldParts } from './virtual/world-parts.ts';

interface Dependencies extends WorldParts {
  readonly send: (request: ApiRequest) => Promise<ApiAnswer | undefined>;
}

/** Gateways retry for days, with a growing delay. */
const maxAttempts = 20;
const longestRetryDelayMs = 3_600_000;

/** Sends the gateway's webhooks to the API: late, twice, or never. */
export class WebhookDelivery {
  readonly #deps: Dependencies;
  /** The ids of the payments with a lost webhook, of any of their attempts. */
  readonly lost = new Set<string>();
  readonly #sent = new Map<string, SimulatedWebhook>();
  #inTransit = 0;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  get isIdle(): boolean {
    return this.#inTransit === 0;
  }

  schedule(webhook: SimulatedWebhook): void {
    const { time, faults, random } = this.#deps;
    const isLate = faults.occurs('delay', 'webhook');
    const delayMs = isLate ? faults.duration(faults.mix.delayMs) : 0;
    this.#inTransit += 1;
    time.after(Math.max(webhook.at - time.now, 0) + random.between(5, 100) + delayMs, () => {
      this.#inTransit -= 1;
      if (faults.occurs('webhookLost', webhook.type)) {
        this.lost.add(paymentIdOfReference(webhook.reference));
        return;
      }
      void this.#deliver(webhook);
      if (faults.occurs('duplicate', 'webhook')) void this.#deliver(webhook);
    });
  }

  /** The request of the last webhook about a payment, signed now. */
  requestOf(reference: string): ApiRequest | undefined {
    const webhook = this.#sent.get(reference);

    return webhook && this.#toRequest(webhook);
  }

  /** Sends the last webhook about a payment once more. */
  sendAgain(reference: string): void {
    const webhook = this.#sent.get(reference);
    if (webhook !== undefined) void this.#deliver(webhook);
  }

  #toRequest({ request }: SimulatedWebhook): ApiRequest {
    return { method: 'POST', path: '/webhooks/pg', ...request(new Date(this.#deps.time.now)) };
  }

  async #deliver(webhook: SimulatedWebhook): Promise<void> {
    const { send, time, random, story } = this.#deps;
    this.#sent.set(webhook.reference, webhook);
    this.#inTransit += 1;
    for (let attempt = 1; attempt <= maxAttempts; attempt += 1) {
      const request = this.#toRequest(webhook);
      story.record('gateway', () => `sends webhook ${webhook.type} of ${webhook.reference}`);
      const answer = await send(request);
      if (answer !== undefined && answer.status < 300) break;
      await time.sleep(random.between(500, Math.min(500 * 2 ** attempt, longestRetryDelayMs)));
    }
    this.#inTransit -= 1;
  }
}
