import type { FaultKind } from '../virtual/fault-mix.ts';
import type { Storm } from '../virtual/faults.ts';
import { formatClock } from '../virtual/story.ts';

/** What happens at the place of a fault. */
const happenings: Readonly<Record<FaultKind, string>> = {
  crashBefore: 'the environment dies before the call takes effect',
  crashAfter: 'the environment dies after the call took effect',
  throttle: 'AWS throttles the call',
  lostResponse: 'the call takes effect and its response is lost',
  resend: 'the response is lost and the SDK sends the call again',
  transactionConflict: 'DynamoDB refuses the write because of another transaction',
  transactionInProgress:
    'the transaction commits, and its caller gets the error of a conflict with itself',
  slow: 'the call is slow',
  stall: 'the call stalls',
  gatewayRefused: "the gateway's connection is refused",
  gatewayRequestLost: 'the request to the gateway is lost',
  gatewayResponseLost: "the gateway's response is lost",
  gatewayError: 'a proxy answers for the gateway',
  gatewayReset: 'the connection to the gateway breaks before the response',
  webhookLost: 'a webhook never arrives',
  duplicate: 'a message or event is delivered twice',
  delay: 'a message or event is late',
  entryRejected: 'EventBridge rejects an entry',
  eventLost: 'an event is lost between the bus and its target',
  tickLost: 'a scheduled run does not start',
  invocationThrottle: 'Lambda throttles the invocation',
  receiverError: 'the receiver answers with an error',
  staleRead: 'reads return older items',
};

/** A fault in words: `the call is slow: charge-payment dynamodb:Update, occasion 3`. */
export const describeFault = (name: string): string => {
  const [, kind = '', place = '', occasion = ''] = /^(\w+) (.+) (\d+)$/.exec(name) ?? [];
  const happening = happenings[kind as FaultKind];

  return happening === undefined ? name : `${happening}: ${place}, occasion ${occasion}`;
};

/** `table Payments does not work from 12:00:10.000 to 12:01:00.000` */
export const describeStorm = ({ subject, from, to }: Storm): string =>
  `${subject} does not work from ${formatClock(from)} to ${formatClock(to)}`;
