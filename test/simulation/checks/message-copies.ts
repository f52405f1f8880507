import type { Stage } from '../run-record.ts';
import type { Check } from './check.ts';

/**
 * Seven consumers get one event at most, each perhaps twice, and an operator redrives what they gave up.
 */
const baseCopies = 30;

/**
 * Locally a message that waits is sent again every second at most; in the cloud every 30 seconds, after some quicker
 * ones at first. The sweeper replays an overdue event every minute. Half as many again are duplicates of queues and
 * lost responses, which merge with the next wait. Growth that is exponential exceeds any rate.
 */
const copiesPerMinute: Readonly<Record<Stage, number>> = { local: 91, sandbox: 5 };

export const messageCopies: Check = {
  name: 'message-copies',
  property: 'The messages of one event grow at most linearly with the time that it had to wait.',
  invariants: [7, 9],
  atEnd: ({ stage, startedAt, calmAt, settledAt, now, gateway, messagesByEvent }) => {
    // At Toss a message may wait beyond the faults: a payment of a window that was never confirmed ends there after
    // half an hour.
    const endedAt = gateway.adapter === 'toss' ? (settledAt ?? now) : calmAt;
    const minutes = Math.ceil((endedAt - startedAt) / 60_000);
    const most = baseCopies + minutes * copiesPerMinute[stage];

    return [...messagesByEvent]
      .filter(([, count]) => count > most)
      .map(([id, count]) => `${id} became ${count} messages, expected at most ${most}`);
  },
};
