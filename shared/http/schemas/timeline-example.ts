import { alice } from '../examples.ts';

/** The timeline of the example payment until its claim. */
export const claimedTimelineExample = [
  {
    at: '2026-11-23T09:00:05.000Z',
    sinceAcceptMs: 0,
    kind: 'accept',
    to: 'RESERVED',
    detail: 'accept committed: 2000 KRW from the balance, 3000 KRW by the gateway',
  },
  {
    at: '2026-11-23T09:00:05.000Z',
    sinceAcceptMs: 0,
    kind: 'event',
    detail: 'PaymentReserved',
    eventId: `${alice.paymentId}-1`,
  },
  {
    at: '2026-11-23T09:00:05.150Z',
    sinceAcceptMs: 150,
    kind: 'claim',
    from: 'RESERVED',
    to: 'CHARGING',
    detail: 'the charger claims',
  },
] as const;
