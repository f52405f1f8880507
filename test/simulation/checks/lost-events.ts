import { pascalCase } from '../../../cdk/constructs/names.ts';
import type { RunRecord } from '../run-record.ts';

/** Whether a fault lost an event between the bus and the queue of a consumer, named by its folder. */
export const isLostTo = ({ lostEvents }: RunRecord, consumer: string, eventId: string): boolean =>
  lostEvents.some(
    ({ id, target }) => id === eventId && target === `${pascalCase(consumer)}Consumer/Queue`,
  );
