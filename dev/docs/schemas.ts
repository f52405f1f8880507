import * as z from 'zod';
import { kebabCase } from '../../cdk/constructs/names.ts';
import { type EventName, eventData } from '../../shared/domain/events/domain-event.ts';
import { receivedEnvelopeSchema } from '../../shared/domain/events/received-event.ts';
import {
  compensationTrigger,
  subscriptionFilters,
  subscriptions,
} from '../../shared/domain/events/subscriptions.ts';
import { isPublished } from '../../shared/domain/outbox/outbox-event.ts';
import { table } from '../cli/markdown.ts';

export const eventNames = Object.keys(eventData) as EventName[];

const fileOf = (name: EventName) => `${kebabCase(name)}.schema.json`;

/** The path of an event's sample, relative to the repository root. */
export const sampleOf = (name: EventName) => `events/bus/${kebabCase(name)}.json`;

/** One JSON Schema for each event: the `detail` in EventBridge. */
export const schemaFiles = (): [path: string, text: string][] =>
  eventNames.map((name) => [
    `docs/events/${fileOf(name)}`,
    `${JSON.stringify(schemaOf(name), null, 2)}\n`,
  ]);

const schemaOf = (name: EventName) => {
  const { $schema, ...schema } = z.toJSONSchema(receivedEnvelopeSchema(name), {
    override: ({ jsonSchema }) => {
      // The format says the same and is readable.
      if (jsonSchema.format === 'date-time') delete jsonSchema.pattern;
    },
  });

  return { $schema, title: name, ...schema };
};

/** Each event with its schema and its consumers. */
export const schemaList = () =>
  table(
    ['event', 'schema', 'consumers'],
    eventNames.map((name) => [
      name,
      `[${fileOf(name)}](events/${fileOf(name)})`,
      consumersOf(name).join(', ') ||
        (isPublished(name) ? 'none yet' : 'none yet, therefore not published'),
    ]),
  );

const consumersOf = (name: EventName): string[] => [
  ...(name === compensationTrigger ? ['the compensation'] : []),
  ...Object.entries(subscriptions)
    .filter(([, names]) => (names as readonly EventName[]).includes(name))
    .map(([folder]) => {
      const field = subscriptionFilters[folder as keyof typeof subscriptions];

      return field ? `${folder} (only with \`${field}\`)` : folder;
    }),
];
