import * as z from 'zod';
import type { DomainEvent, EventName } from '../domain/events/domain-event.ts';
import { receivedEnvelopeSchema } from '../domain/events/received-event.ts';

/** A queued EventBridge event of one name. */
const createMessageSchema = <N extends EventName>(name: N) =>
  z
    .object({ 'detail-type': z.literal(name), detail: receivedEnvelopeSchema(name) })
    .transform(({ detail }) => ({ ...detail, name }));

const messageSchemas = new Map<EventName, ReturnType<typeof createMessageSchema>>();

/** Created once, at its first use: zod compiles a schema, which takes longer than many messages. */
const messageSchemaOf = (name: EventName) => {
  const schema = messageSchemas.get(name) ?? createMessageSchema(name);
  messageSchemas.set(name, schema);

  return schema;
};

/**
 * Creates a parser for queued EventBridge events of these names. It keeps fields that it does not know, and throws if the
 * message is not valid.
 */
export const createQueuedEventParser = <N extends EventName>(names: readonly N[]) => {
  const schema = z.union(names.map(messageSchemaOf));

  return (body: string): DomainEvent<N> =>
    schema.parse(parseMessageJson(body)) as unknown as DomainEvent<N>;
};

/** JSON.parse would quote the text in its error, and the text must not be logged. */
const parseMessageJson = (body: string): unknown => {
  try {
    return JSON.parse(body);
  } catch {
    throw new Error('The message body is not valid JSON.');
  }
};

/** The body of a queued message for an event, as an EventBridge rule sends it. */
export const queueMessageBody = ({ name, ...detail }: DomainEvent): string =>
  JSON.stringify({ 'detail-type': name, detail });
