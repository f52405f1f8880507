import * as z from 'zod';

const queueNamesSchema = z.object({
  consumer: z.string(),
  deadLetters: z.string(),
  /** The source queue; absent if the events are published on the bus again instead. */
  queue: z.string().optional(),
});

/** The names of a consumer's dead-letter queue and source queue. */
export type QueueNames = z.infer<typeof queueNamesSchema>;

/** Parses the environment variable DEAD_LETTERS. */
export const parseQueueNames = (text: string): QueueNames[] =>
  z.array(queueNamesSchema).parse(JSON.parse(text));
