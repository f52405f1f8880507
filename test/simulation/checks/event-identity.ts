import { isDeepStrictEqual } from 'node:util';
import type { BusEvent } from '../aws/event-bridge.ts';
import type { Check } from './check.ts';

export const eventIdentity: Check = {
  name: 'event-identity',
  property:
    'Two published events with one id are equal: the second one is a replay of the first one.',
  invariants: [6, 7],
  atEnd: (run) => {
    const first = new Map<string, BusEvent>();

    return run.published.flatMap(({ event, by }) => {
      const id = String(event.detail.id);
      const known = first.get(id);
      if (known === undefined) {
        first.set(id, event);
        return [];
      }
      const isReplay =
        known['detail-type'] === event['detail-type'] &&
        isDeepStrictEqual(known.detail, event.detail);

      return isReplay
        ? []
        : [
            `${id} of ${by} differs: ${JSON.stringify(known.detail)} ${JSON.stringify(event.detail)}`,
          ];
    });
  },
};
