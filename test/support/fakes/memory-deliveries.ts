import type { DeliveryRepository } from '../../../shared/persistence/delivery-repository.ts';

/** An in-memory delivery repository. */
export const createMemoryDeliveries = (): Pick<DeliveryRepository, 'deliverOnce'> => {
  const delivered = new Set<string>();

  return {
    async deliverOnce({ eventId, consumer: listener }, send) {
      const key = JSON.stringify([eventId, listener]);
      if (delivered.has(key)) return 'duplicate';
      await send();
      delivered.add(key);

      return 'delivered';
    },
  };
};
