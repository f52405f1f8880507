import { parseJson } from '../../domain/json.ts';
import type { PlainRequest } from '../plain-http.ts';

/** All that a receiver knows of one event, however often it came. */
export interface ReceivedDelivery {
  readonly eventId: string;
  /** The payment that it is about, as far as the body or the event id tells. */
  readonly paymentId?: string;
  /** Of the last attempt: what was said about the body. */
  readonly headers: Readonly<Record<string, string>>;
  /** Of the last attempt: as it came, byte for byte, so that a signature can be checked. */
  readonly rawBody: string;
  readonly body: unknown;
  readonly attempts: number;
  /** What each attempt was answered. */
  readonly answers: readonly number[];
  /** Whether the effect happened: once, at the first attempt that was answered with a success. */
  readonly accepted: boolean;
  /** Attempts after that one, which have no effect. */
  readonly duplicates: number;
  readonly firstAt: string;
  readonly lastAt: string;
}

const recordedHeaders = /^(content-type|user-agent|idempotency-key|traceparent|webhook-.*|ce-.*)$/;

/** The id that makes two deliveries one; undefined when the sender gave none. */
export const findEventId = ({ headers, body }: PlainRequest): string | undefined =>
  headers['idempotency-key'] ?? headers['webhook-id'] ?? stringAt(parseJson(body), 'id');

/** An event's id begins with the id of its payment: `{paymentId}-{version}`. */
export const findPaymentId = (eventId: string, body: unknown): string | undefined =>
  stringAt(body, 'data', 'paymentId') ??
  stringAt(body, 'subject') ??
  stringAt(body, 'paymentId') ??
  /^(.+)-\d+$/.exec(eventId)?.[1];

/** The delivery after one attempt more, which is answered with `status`. */
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
    answers: [...(previous?.answers ?? []), status],
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
