import { derivePaymentId } from '../../../shared/domain/ids.ts';
import { aBalance, anOrder, aProduct } from '../builders/builders.ts';
import type { MemoryDynamo } from '../fakes/memory-dynamo.ts';

export const buyer = 'alice';
export const orderId = 'ord_1';
/** The payment of the order with the idempotency key `k`. */
export const paymentId = derivePaymentId(buyer, 'k');
/** Minor units of the order: from the balance, and by the gateway. */
export const tenders = { balance: 500, gateway: 1_500 };

/** Stores Alice's order of two packets of tea, its stock, and the part of it in her balance. */
export const putTeaOrder = (tables: MemoryDynamo): void => {
  const lines = [{ sku: 'tea', quantity: 2, unitPrice: 1_000 }];
  tables.put('Balances', aBalance({ userId: buyer, available: tenders.balance }));
  tables.put('Products', aProduct({ sku: 'tea', available: 2 }));
  tables.put('Orders', anOrder({ userId: buyer, orderId, lines }));
};
