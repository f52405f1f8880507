import type { Deliveries } from '../../../shared/persistence/delivery-repository.ts';

/** The promise of the deliveries without their table. */
export const deliveriesInMemory = (): Deliveries => {
  const delivered = new Set<string>();

  return {
    async once({ eventId, listener }, send) {
      const key = JSON.stringify([eventId, listener]);
      if (delivered.has(key)) return 'delivered before';
      await send();
      delivered.add(key);

      return 'delivered';
    },
  };
};
