import * as z from 'zod';
import { type DomainEvent, type EventName, envelopeSchema } from '../domain/events/domain-event.ts';

/** One event as EventBridge puts it into a queue: only of the names given, and whole. */
export const createQueuedEventParser = <N extends EventName>(names: readonly N[]) => {
  const shapes = names.map((name) =>
    z
      .object({ 'detail-type': z.literal(name), detail: envelopeSchema(name) })
      .transform(({ detail }) => ({ ...detail, name })),
  );

  return (body: string): DomainEvent<N> =>
    z.union(shapes).parse(parseMessageJson(body)) as unknown as DomainEvent<N>;
};

/** The parser's own error quotes the text, and whoever logs it cannot know what that is. */
const parseMessageJson = (body: string): unknown => {
  try {
    return JSON.parse(body);
  } catch {
    throw new Error('The message is no JSON.');
  }
};

/** An event as its rule would put it into a queue. */
export const queueMessageBody = ({ name, ...detail }: DomainEvent): string =>
  JSON.stringify({ 'detail-type': name, detail });
