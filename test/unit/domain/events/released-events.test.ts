import { globSync, readFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import {
  type DomainEvent,
  type EventName,
  envelopeSchema,
  eventData,
} from '../../../../shared/domain/events/domain-event.ts';
import { receivedEnvelopeSchema } from '../../../../shared/domain/events/received-event.ts';
import { subscriptions } from '../../../../shared/domain/events/subscriptions.ts';
import {
  createQueuedEventParser,
  queueMessageBody,
} from '../../../../shared/lambda/queued-event.ts';
import { eventsText, exampleEvents } from '../../../support/builders/example-events.ts';
import { withUnknownFields } from '../../../support/builders/unknown-fields.ts';

const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };

/** The events of each released version and of this one, as its code built them. */
const releases = globSync('test/releases/*/events.json').map((path) => ({
  released: basename(dirname(path)),
  events: JSON.parse(readFileSync(path, 'utf8')) as DomainEvent[],
}));

const names = Object.keys(eventData) as EventName[];

describe('the events of this version', () => {
  it('have an example each', () => {
    expect([...new Set(exampleEvents().map(({ name }) => name))].toSorted()).toEqual(
      names.toSorted(),
    );
  });

  it('are those of its file: --update writes them', async () => {
    await expect(eventsText()).toMatchFileSnapshot(`../../../releases/${version}/events.json`);
  });

  it('have only fields of their schema', () => {
    for (const { name, ...envelope } of exampleEvents()) {
      expect(envelopeSchema(name).safeParse(envelope).error, name).toBeUndefined();
      expect(envelopeSchema(name).safeParse(withUnknownFields(envelope)).success, name).toBe(false);
    }
  });
});

describe.each(Object.entries(subscriptions))('%s', (_consumer, subscribed) => {
  const parse = createQueuedEventParser<EventName>(subscribed);
  const isConsumed = ({ name }: DomainEvent) => (subscribed as readonly EventName[]).includes(name);

  it.each(releases)('reads the events of version $released', ({ events }) => {
    const consumed = events.filter(isConsumed);

    expect(consumed.map((event) => parse(queueMessageBody(event)))).toEqual(consumed);
  });

  it('reads the events of the next version, with all their fields', () => {
    const consumed = exampleEvents().filter(isConsumed);
    const next = consumed.map(({ name, ...envelope }) => ({
      ...withUnknownFields(envelope),
      name,
    }));

    expect(next.map((event) => parse(queueMessageBody(event)))).toEqual(next);
    expect(consumed.length).toBeGreaterThanOrEqual(subscribed.length);
  });
});

describe('a received event', () => {
  it.each(names)('is checked as %s is built, but for unknown fields', (name) => {
    const known = ({ jsonSchema }: { jsonSchema: z.core.JSONSchema.BaseSchema }) => {
      delete jsonSchema.additionalProperties;
    };
    const checks = (schema: z.ZodType) => z.toJSONSchema(schema, { override: known });

    expect(checks(receivedEnvelopeSchema(name))).toEqual(checks(envelopeSchema(name)));
  });

  it.each([
    ['an amount in decimals', { amount: 10.5 }],
    ['an amount as text', { amount: '2500' }],
    ['a negative amount', { amount: -1 }],
    ['no amount', { amount: undefined }],
    ['units in decimals', { lines: [{ sku: 'tea', quantity: 1.5 }] }],
  ])('is rejected with %s', (_case, changed) => {
    const event = exampleEvents().find(({ name }) => name === 'PaymentCompleted') as DomainEvent;
    const body = queueMessageBody({
      ...event,
      data: { ...event.data, ...changed } as DomainEvent['data'],
    });

    expect(() => createQueuedEventParser(['PaymentCompleted'])(body)).toThrow();
  });
});
