import type { TossPayment } from '../../../../shared/gateway/toss/protocol.ts';
import { jsonReply, type PlainResponse } from '../../../../shared/simulators/plain-http.ts';
import type { TossBehaviour, TossRefundBehaviour } from './behaviours.ts';

/** A webhook that Toss sends. It does not sign webhooks about payments. */
export interface TossEvent {
  readonly id: string;
  readonly type: 'PAYMENT_STATUS_CHANGED' | 'CANCEL_STATUS_CHANGED';
  readonly reference: string;
  /** When it occurs, epoch ms. */
  readonly at: number;
  /** The payment as it is then. */
  readonly payment: TossPayment;
}

/** The response to a request, and what its key returns later. */
export interface HandledRequest {
  readonly response: PlainResponse;
  /** What the key returns later; absent if the request was not executed. */
  readonly storedResponse?: PlainResponse;
  /** Until then the key is in use. */
  readonly busyUntil?: number;
}

/** A time in Toss's format. */
export const seoulTime = (at: number): string =>
  new Date(at + 9 * 3_600_000).toISOString().replace('Z', '+09:00');

export const errorResponse = (status: number, code: string, message = code): PlainResponse =>
  jsonReply(status, { code, message });

export const respond = (response: PlainResponse): HandledRequest => ({
  response,
  storedResponse: response,
});

export const keyInUseResponse = errorResponse(409, 'IDEMPOTENT_REQUEST_PROCESSING');

/** Applies the behaviour to a response. The key keeps the outcome even if the first response is lost. */
export const respondBy = (
  { response: way }: Pick<TossBehaviour | TossRefundBehaviour, 'response'>,
  storedResponse: PlainResponse,
  settlesAt: number,
  now: number,
): HandledRequest => {
  switch (way) {
    case 'hang':
      return { response: { kind: 'hang' }, storedResponse };
    case 'error':
      return { response: errorResponse(500, 'FAILED_INTERNAL_SYSTEM_PROCESSING'), storedResponse };
    case 'garbage':
      return {
        response: { kind: 'reply', status: 200, body: '<html>', afterMs: 0 },
        storedResponse,
      };
    case 'key-in-use':
      return { response: keyInUseResponse, storedResponse, busyUntil: settlesAt };
    case 'slow':
      return {
        response:
          storedResponse.kind === 'reply'
            ? { ...storedResponse, afterMs: settlesAt - now }
            : storedResponse,
        storedResponse,
        busyUntil: settlesAt,
      };
    default:
      return respond(storedResponse);
  }
};
