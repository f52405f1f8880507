import * as z from 'zod';

const queueNamesSchema = z.array(
  z.object({ consumer: z.string(), deadLetters: z.string(), queue: z.string().optional() }),
);

/** Every queue of dead letters and the queue that it comes from, by name, as the variable DEAD_LETTERS says. */
export const parseQueueNames = (text: string) => queueNamesSchema.parse(JSON.parse(text));
