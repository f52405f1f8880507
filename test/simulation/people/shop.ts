import type { ApiRequest } from '../../support/builders/api-gateway-event.ts';
import type { ItemWrite } from '../aws/dynamodb/memory-dynamodb.ts';
import type { ApiAnswer, RunRecord } from '../run-record.ts';
import type { Random } from '../virtual/random.ts';
import type { VirtualTime } from '../virtual/time.ts';

/** The page to which a gateway sends buyers back. */
export const returnPage = 'http://localhost:3000/paid';

/** What people have: the API, the time, and the gateway's dashboard. */
export interface Shop {
  readonly time: VirtualTime;
  /** The randomness of people: it does not depend on the faults. */
  readonly random: Random;
  /** What is stored and what the gateway has done: operators look at both. */
  readonly run: RunRecord;
  /** Sends one request; undefined if its response never came. */
  readonly send: (request: ApiRequest) => Promise<ApiAnswer | undefined>;
  /** Starts a person's work. The run ends when all are done. */
  readonly start: (name: string, work: () => Promise<void>) => void;
  /** Stores an item as the shop's other systems do: balances, products, coupons. */
  readonly seed: (table: string, item: object) => void;
  /** Deletes an item as those systems do. */
  readonly remove: (table: string, key: object) => void;
  /** Calls for each write of an item until the calm. */
  readonly onWrite: (look: (write: ItemWrite) => void) => void;
  readonly isCalm: () => boolean;
  /** The last webhook about a payment, as the gateway sends it now. */
  readonly webhookOf: (reference: string) => ApiRequest | undefined;
  /** A webhook about nothing new, as a gateway's dashboard can send it. */
  readonly sendWebhookAgain: (reference: string) => void;
  /** Moves a message from a dead-letter queue back, as the SQS console does. */
  readonly redriveInConsole: (queue: string, body: string) => void;
  /** Adds a line to the story of the run. */
  readonly record: (actor: string, text: () => string) => void;
}
