import type { DomainEvent } from '../../shared/domain/events/domain-event.ts';
import type { SubscribedEventName } from '../../shared/domain/events/subscriptions.ts';
import type { PostJson } from '../../shared/lambda/http-delivery.ts';
import type { HandlingResult } from '../../shared/lambda/message-deferral.ts';
import type { DeliveryRepository } from '../../shared/persistence/delivery-repository.ts';

interface Dependencies {
  readonly deliveries: Pick<DeliveryRepository, 'deliverOnce'>;
  readonly post: PostJson;
  readonly url: string;
}

const consumer = 'send-to-data-platform';

/** Posts the event unchanged, with its id as the idempotency key. */
export const sendToDataPlatform =
  ({ deliveries, post, url }: Dependencies) =>
  async ({
    name,
    ...event
  }: DomainEvent<SubscribedEventName<typeof consumer>>): Promise<HandlingResult> => {
    const { traceparent, data } = event;
    const { paymentId } = data;
    const headers = {
      'content-type': 'application/cloudevents+json',
      'idempotency-key': event.id,
      ...(traceparent && { traceparent }),
    };

    const outcome = await deliveries.deliverOnce(
      { eventId: event.id, eventTime: event.time, consumer, paymentId },
      () => post({ url, headers, body: JSON.stringify(event) }),
    );

    return { outcome };
  };
