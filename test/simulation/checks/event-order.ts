import type { Check } from './check.ts';

/** The item of an event, and the version that it is about: `pay_1-3` is version 3 of `pay_1`. */
const versionOf = (id: string): readonly [item: string, version: number] => {
  const end = id.lastIndexOf('-');

  return [id.slice(0, end), Number(id.slice(end + 1))];
};

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
      const isNew = !known.has(id);
      known.add(id);
      if (!isNew || by !== 'relay-changes') return [];
      const [item, version] = versionOf(id);
      const before = latest.get(item) ?? 0;
      latest.set(item, Math.max(before, version));

      return version < before ? [`${id} was published after version ${before}`] : [];
    });
  },
};
