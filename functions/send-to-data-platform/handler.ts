import type { DomainEvent, subscriptions } from '../../shared/domain/events/domain-event.ts';
import type { Post } from '../../shared/lambda/http-delivery.ts';
import type { Done } from '../../shared/lambda/sqs-handler.ts';
import type { Deliveries } from '../../shared/persistence/delivery-repository.ts';

interface Dependencies {
  readonly deliveries: Deliveries;
  readonly post: Post;
  readonly url: string;
}

const listener = 'send-to-data-platform';

type Heard = (typeof subscriptions)[typeof listener][number];

/** Hands the event to the data platform as it is, under its own id. */
export const sendToDataPlatform =
  ({ deliveries, post, url }: Dependencies) =>
  async ({ name, ...event }: DomainEvent<Heard>): Promise<Done> => {
    const { traceparent, data } = event;
    const { paymentId } = data;
    const headers = {
      'content-type': 'application/cloudevents+json',
      'idempotency-key': event.id,
      ...(traceparent && { traceparent }),
    };

    const outcome = await deliveries.once({ eventId: event.id, listener, paymentId }, () =>
      post({ url, headers, body: JSON.stringify(event) }),
    );

    return { outcome };
  };
