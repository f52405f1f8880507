import type {
  GatewayScenario,
  RefundScenario,
} from '../../../../shared/gateway/conformance/harness.ts';
import { jsonReply, type PlainResponse } from '../../../../shared/simulators/plain-http.ts';

/** How long it stays in progress, or hides what it did. */
export const settleDelayMs = 20_000;

/** Times as Toss writes them. */
export const seoulTime = (at: number): string =>
  new Date(at + 9 * 3_600_000).toISOString().replace('Z', '+09:00');

export const errorResponse = (status: number, code: string, message = code): PlainResponse =>
  jsonReply(status, { code, message });

/** The outcome is kept for the key; the first answer may be lost all the same. */
export const respondIn = (
  response: PlainResponse,
  situation: GatewayScenario | RefundScenario | undefined,
): PlainResponse => {
  if (response.kind !== 'reply' || response.status !== 200) return response;

  switch (situation) {
    case 'timeout-after-effect':
      return { kind: 'hang' };
    case 'error-after-effect':
    case 'late-approve':
    case 'late':
      return errorResponse(500, 'FAILED_INTERNAL_SYSTEM_PROCESSING');
    case 'garbage-after-effect':
      return { kind: 'reply', status: 200, body: '<html>', afterMs: 0 };
    case 'in-progress':
      return errorResponse(409, 'IDEMPOTENT_REQUEST_PROCESSING');
    default:
      return response;
  }
};
