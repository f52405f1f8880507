import { versionOf } from '../../../shared/domain/events/domain-event.ts';
import type { Check } from './check.ts';

/** An event that the sweeper or a redrive published before is not new. What the relay gave up, it never publishes. */
export const eventOrder: Check = {
  name: 'event-order',
  property: 'The relay publishes the new events of an item in the order of its versions.',
  invariants: [6, 7],
  atEnd: ({ published }) => {
    const known = new Set<string>();
    const latest = new Map<string, number>();

    return published.flatMap(({ event, by }) => {
      const id = String(event.detail.id);
      const subject = String(event.detail.subject);
      const isNew = !known.has(id);
      known.add(id);
      if (!isNew || by !== 'relay-changes') return [];
      const version = versionOf({ id, subject });
      const before = latest.get(subject) ?? 0;
      latest.set(subject, Math.max(before, version));

      return version < before ? [`${id} was published after version ${before}`] : [];
    });
  },
};
