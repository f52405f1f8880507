import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { notificationOf } from '../../../functions/notify-buyer/notification.ts';
import {
  type NotificationEventName,
  notifications,
} from '../../../functions/notify-buyer/schemas.ts';
import type { DomainEvent } from '../../../shared/domain/events/domain-event.ts';
import { root } from '../../cli/paths.ts';
import { sampleOf } from '../schemas.ts';
import type { SchemaRegistry } from './schema-registry.ts';

const summaries: Readonly<Record<NotificationEventName, string>> = {
  PaymentMethodRequired: 'A payment waits for a payment method',
  PaymentActionRequired: 'A payment waits for an action of its buyer',
  PaymentDeclined: 'A payment was declined and waits for another payment method',
  PaymentCompleted: 'A payment completed',
  PaymentCompensated: 'A payment failed and was compensated',
  PointsAdded: 'Points were added',
  PointsCorrected: 'Points were corrected after a refund',
  PaymentReversed: 'A late capture was reversed',
  RefundCompleted: 'A refund succeeded',
  RefundFailed: 'A refund failed',
};

const headers = [
  {
    name: 'webhook-id',
    description:
      'ID of the notification, the same for every delivery attempt. Use it to deduplicate.',
    schema: { type: 'string' },
  },
  {
    name: 'webhook-timestamp',
    description: 'Time of sending, in seconds since the Unix epoch.',
    schema: { type: 'string', pattern: '^\\d+$' },
  },
  {
    name: 'webhook-signature',
    description:
      '`v1,` and the Base64 HMAC-SHA256 of ID, timestamp and raw body, joined by dots (Standard Webhooks).',
    schema: { type: 'string' },
  },
].map((header) => ({ ...header, in: 'header', required: true }));

const notificationNames = Object.keys(notifications) as NotificationEventName[];

/** The type and the summary of each notification. */
export const notificationSummaries = notificationNames.map((name) => ({
  type: notifications[name].shape.type.value,
  summary: summaries[name],
}));

/** The notifications that the service sends to the URL of the deployment. */
export const webhooksOf = ({ schemaOf }: SchemaRegistry) =>
  Object.fromEntries(
    notificationNames.map((name) => [
      name,
      {
        post: {
          operationId: `on${name}`,
          tags: ['Notifications'],
          summary: summaries[name],
          security: [],
          parameters: headers,
          requestBody: {
            required: true,
            content: {
              'application/json': {
                schema: schemaOf(notifications[name].meta({ id: `${name}Notification` })),
                example: notificationOf(readSample(name)),
              },
            },
          },
          responses: {
            '2XX': { description: 'The notification is accepted.' },
            '4XX': {
              description: 'The notification is not accepted: it is sent again with the same id.',
            },
          },
        },
      },
    ]),
  );

const readSample = (name: NotificationEventName): DomainEvent<NotificationEventName> => ({
  ...JSON.parse(readFileSync(join(root, sampleOf(name)), 'utf8')).detail,
  name,
});
