import type { RefundSituation, Situation } from '../../../../shared/gateway/conformance/harness.ts';
import { type PlainAnswer, reply } from '../../../../shared/simulators/plain-http.ts';

/** How long it stays in progress, or hides what it did. */
export const settlesAfterMs = 20_000;

/** Times as Toss writes them. */
export const seoulTime = (at: number): string =>
  new Date(at + 9 * 3_600_000).toISOString().replace('Z', '+09:00');

export const refuse = (status: number, code: string, message = code): PlainAnswer =>
  reply(status, { code, message });

/** The outcome is kept for the key; the first answer may be lost all the same. */
export const spoilt = (
  answer: PlainAnswer,
  situation: Situation | RefundSituation | undefined,
): PlainAnswer => {
  if (answer.kind !== 'reply' || answer.status !== 200) return answer;

  switch (situation) {
    case 'timeout-after-effect':
      return { kind: 'hang' };
    case 'error-after-effect':
    case 'late-approve':
    case 'late':
      return refuse(500, 'FAILED_INTERNAL_SYSTEM_PROCESSING');
    case 'garbage-after-effect':
      return { kind: 'reply', status: 200, body: '<html>', afterMs: 0 };
    case 'in-progress':
      return refuse(409, 'IDEMPOTENT_REQUEST_PROCESSING');
    default:
      return answer;
  }
};
