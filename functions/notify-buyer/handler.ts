import type { DomainEvent } from '../../shared/domain/events/domain-event.ts';
import type { Clock } from '../../shared/domain/time.ts';
import type { PostJson } from '../../shared/lambda/http-delivery.ts';
import type { HandlingResult } from '../../shared/lambda/message-deferral.ts';
import { signedHeaders } from '../../shared/lambda/webhook-signature.ts';
import type { DeliveryRepository } from '../../shared/persistence/delivery-repository.ts';
import { notificationOf } from './notification.ts';
import type { NotificationEventName } from './schemas.ts';

interface Dependencies {
  readonly deliveries: Pick<DeliveryRepository, 'deliverOnce'>;
  readonly post: PostJson;
  readonly url: string;
  /** The signing key, base64. */
  readonly secret: () => Promise<string>;
  readonly clock: Clock;
}

/** Notifies the buyer by a webhook that is signed according to Standard Webhooks. */
export const notifyBuyer =
  ({ deliveries, post, url, secret, clock }: Dependencies) =>
  async (event: DomainEvent<NotificationEventName>): Promise<HandlingResult> => {
    const { id: eventId, time: eventTime, traceparent } = event;
    const { paymentId } = event.data;
    const send = async () => {
      const body = JSON.stringify(notificationOf(event));
      const message = { id: eventId, at: clock.now(), body };
      const headers = {
        ...signedHeaders(message, await secret()),
        ...(traceparent && { traceparent }),
      };
      await post({ url, headers, body });
    };
    const outcome = await deliveries.deliverOnce(
      { eventId, eventTime, consumer: 'notify-buyer', paymentId },
      send,
    );

    return { outcome };
  };
