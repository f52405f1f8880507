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
  PaymentCompleted: 'A payment was charged',
  PaymentCompensated: 'A payment failed, and all of it is given back',
  PointsAdded: 'Points were added',
  PointsCorrected: 'A refund took points back',
  PaymentReversed: 'A charge that came too late was given back',
  RefundCompleted: 'A refund was paid back',
  RefundFailed: 'A refund was refused',
};

const headers = [
  {
    name: 'webhook-id',
    description: 'The same each time that the notification comes: what was heard is heard once.',
    schema: { type: 'string' },
  },
  {
    name: 'webhook-timestamp',
    description: 'When it was sent, in seconds since 1970.',
    schema: { type: 'string', pattern: '^\\d+$' },
  },
  {
    name: 'webhook-signature',
    description:
      '`v1,` and the HMAC-SHA256, in base64, of id, timestamp and raw body with dots between (Standard Webhooks).',
    schema: { type: 'string' },
  },
].map((header) => ({ ...header, in: 'header', required: true }));

const notificationNames = Object.keys(notifications) as NotificationEventName[];

/** Each notification: its type, and when it is told. */
export const notificationSummaries = notificationNames.map((name) => ({
  type: notifications[name].shape.type.value,
  summary: summaries[name],
}));

/** What the service sends by itself to the address that it was told at deployment. */
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
            '2XX': { description: 'It was taken.' },
            '4XX': { description: 'It was not taken: it comes again, under the same id.' },
          },
        },
      },
    ]),
  );

const readSample = (name: NotificationEventName): DomainEvent<NotificationEventName> => ({
  ...JSON.parse(readFileSync(join(root, sampleOf(name)), 'utf8')).detail,
  name,
});
