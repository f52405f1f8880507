import type {
  GatewayScenario,
  RefundScenario,
} from '../../../../shared/gateway/conformance/harness.ts';
import { jsonReply, type PlainResponse } from '../../../../shared/simulators/plain-http.ts';

/** How long a charge or refund stays in progress or hidden. */
export const settleDelayMs = 20_000;

/** A time in Toss's format. */
export const seoulTime = (at: number): string =>
  new Date(at + 9 * 3_600_000).toISOString().replace('Z', '+09:00');

export const errorResponse = (status: number, code: string, message = code): PlainResponse =>
  jsonReply(status, { code, message });

/** Applies the scenario to a response. The key keeps the outcome even if the first response is lost. */
export const respondIn = (
  response: PlainResponse,
  scenario: GatewayScenario | RefundScenario | undefined,
): PlainResponse => {
  if (response.kind !== 'reply' || response.status !== 200) return response;

  switch (scenario) {
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
