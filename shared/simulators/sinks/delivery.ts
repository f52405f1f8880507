import { parseJson } from '../../domain/json.ts';
import type { PlainRequest } from '../plain-http.ts';

/** The record of all deliveries of one event at a receiver. */
export interface ReceivedDelivery {
  readonly eventId: string;
  /** The payment of the event, if the body or the event id names it. */
  readonly paymentId?: string;
  /** The recorded headers of the last attempt. */
  readonly headers: Readonly<Record<string, string>>;
  /** The body of the last attempt, byte for byte, so that its signature can be verified. */
  readonly rawBody: string;
  readonly body: unknown;
  readonly attempts: number;
  /** The response status of each attempt. */
  readonly responseStatuses: readonly number[];
  /** Whether the effect happened: once, at the first attempt with a success status. */
  readonly accepted: boolean;
  /** The number of attempts after that one; they have no effect. */
  readonly duplicates: number;
  readonly firstAt: string;
  readonly lastAt: string;
}

const recordedHeaders = /^(content-type|user-agent|idempotency-key|traceparent|webhook-.*|ce-.*)$/;

/** The id that deduplicates deliveries; undefined if the sender gave none. */
export const findEventId = ({ headers, body }: PlainRequest): string | undefined =>
  headers['idempotency-key'] ?? headers['webhook-id'] ?? stringAt(parseJson(body), 'id');

/** The payment id from the body, or from the event id `{paymentId}-{version}`. */
export const findPaymentId = (eventId: string, body: unknown): string | undefined =>
  stringAt(body, 'data', 'paymentId') ??
  stringAt(body, 'subject') ??
  stringAt(body, 'paymentId') ??
  /^(.+)-\d+$/.exec(eventId)?.[1];

/** The record after one more attempt, answered with `status`. */
export const recordAttempt = (
  previous: ReceivedDelivery | undefined,
  eventId: string,
  request: PlainRequest,
  { status, at }: { status: number; at: Date },
): ReceivedDelivery => {
  const body = parseJson(request.body);
  const paymentId = findPaymentId(eventId, body);
  const succeeded = status < 400;

  return {
    eventId,
    ...(paymentId !== undefined && { paymentId }),
    headers: pickHeaders(request.headers),
    rawBody: request.body,
    body: body ?? null,
    attempts: (previous?.attempts ?? 0) + 1,
    responseStatuses: [...(previous?.responseStatuses ?? []), status],
    accepted: (previous?.accepted ?? false) || succeeded,
    duplicates: (previous?.duplicates ?? 0) + (previous?.accepted ? 1 : 0),
    firstAt: previous?.firstAt ?? at.toISOString(),
    lastAt: at.toISOString(),
  };
};

const pickHeaders = (headers: PlainRequest['headers']): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).filter(
      (entry): entry is [string, string] =>
        entry[1] !== undefined && recordedHeaders.test(entry[0]),
    ),
  );

const stringAt = (value: unknown, ...path: readonly string[]): string | undefined => {
  const found = path.reduce<unknown>(
    (inside, name) =>
      typeof inside === 'object' && inside !== null
        ? (inside as Record<string, unknown>)[name]
        : undefined,
    value,
  );

  return typeof found === 'string' ? found : undefined;
};
