import { describe, expect, it } from 'vitest';
import { listen } from '../../../../dev/local/http-server.ts';
import { systemTimers } from '../../../../shared/config/system-clock.ts';
import { sendHttp } from '../../../../shared/gateway/http-exchange.ts';
import { createTossChargeList } from '../../../../shared/gateway/toss/charge-list.ts';
import { jsonReply } from '../../../../shared/simulators/plain-http.ts';
import { secretKey, timeoutMs } from './harness.ts';

describe('Toss charge list', () => {
  it('omits an expired deposit although its transaction has an amount', async () => {
    const expired = { paymentKey: 'key-1', orderId: 'pay-01', currency: 'KRW' };
    const transactions = [
      { ...expired, transactionKey: 'tx-1', status: 'WAITING_FOR_DEPOSIT', amount: 0 },
      { ...expired, transactionKey: 'tx-2', status: 'CANCELED', amount: 4_000 },
    ];
    const payment = { ...expired, status: 'EXPIRED', totalAmount: 4_000, approvedAt: null };
    const deposits = await listen(async ({ path, query }) => {
      if (path !== '/v1/transactions') return jsonReply(200, payment);

      return jsonReply(200, query.startingAfter ? [] : transactions);
    });
    const chargeList = createTossChargeList({
      url: deposits.url,
      secretKey,
      timeoutMs,
      timers: systemTimers,
      exchange: sendHttp,
    });

    expect(await Array.fromAsync(chargeList.charges())).toEqual([]);
    await deposits.close();
  });
});
