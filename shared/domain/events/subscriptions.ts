import type { EventName } from './domain-event.ts';

/** The events that each consumer subscribes to. The EventBridge rules are created from this table. */
export const subscriptions = {
  'charge-payment': ['PaymentReserved'],
  'inquire-payment': ['PaymentOutcomeUnknown', 'PaymentActionRequired', 'PaymentLateCaptured'],
  'execute-refund': ['RefundRequested'],
  'refund-cancelled-payment': ['PaymentCompleted'],
  'compensate-payment': ['PaymentFailed'],
  'send-to-data-platform': [
    'PaymentCompleted',
    'RefundCompleted',
    'PaymentDisputed',
    'DisputeClosed',
    'PaymentRefundedElsewhere',
  ],
  'notify-buyer': [
    'PaymentMethodRequired',
    'PaymentActionRequired',
    'PaymentDeclined',
    'PaymentCompleted',
    'PaymentCompensated',
    'PointsAdded',
    'PointsCorrected',
    'PaymentReversed',
    'RefundCompleted',
    'RefundFailed',
  ],
  'update-ranking': ['PaymentCompleted', 'RefundCompleted'],
  'add-loyalty-points': ['PaymentCompleted', 'RefundCompleted'],
  'open-review': ['PaymentReviewOpened', 'RefundReviewOpened'],
  'close-review': [
    'PaymentCompleted',
    'PaymentFailed',
    'PaymentCompensated',
    'PaymentReversed',
    'RefundCompleted',
    'RefundFailed',
  ],
} as const satisfies Record<string, readonly EventName[]>;

/** The events that the queue of a function receives. */
export type SubscribedEventName<Name extends keyof typeof subscriptions> =
  (typeof subscriptions)[Name][number];

/** Consumers that receive only events with a certain data field. EventBridge filters out the others. */
export const subscriptionFilters: Partial<
  Record<keyof typeof subscriptions, 'cancelRequestedAt' | 'fromReview'>
> = {
  'refund-cancelled-payment': 'cancelRequestedAt',
  'close-review': 'fromReview',
};

/** The consumers whose effects are not in the payment's own history: they report its sale or reward it. */
export const externalConsumers = [
  'send-to-data-platform',
  'notify-buyer',
  'update-ranking',
  'add-loyalty-points',
] as const satisfies readonly (keyof typeof subscriptions)[];

/** The event that starts the compensation state machine. */
export const compensationTrigger = 'PaymentCompensationStarted' satisfies EventName;
