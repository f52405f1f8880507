import type { OperatorTimelineBody } from '../../functions/get-operator-timeline/operation.ts';
import type { QueueReport } from '../../shared/application/dead-letters/inspect-queues.ts';
import type { RedriveResult } from '../../shared/application/dead-letters/redrive.ts';
import { parseJson } from '../../shared/domain/json.ts';
import { CliError } from '../cli/cli-error.ts';

/** The body of a redrive request. Undefined fields are not sent. */
export interface RedriveOptions {
  readonly consumer: string;
  readonly action: 'redrive' | 'delete';
  readonly reason: string;
  readonly dryRun: boolean;
  readonly paymentId?: string | undefined;
  readonly event?: string | undefined;
  readonly olderThanSeconds?: number | undefined;
  readonly limit?: number | undefined;
  readonly ratePerSecond?: number | undefined;
}

export interface RedriveResponse {
  readonly dryRun: boolean;
  readonly items: readonly RedriveResult[];
}

/** The body of a refund request. The audit log records the reason. */
export interface OperatorRefund {
  readonly lines: readonly {
    readonly sku: string;
    readonly quantity: number;
    readonly restock: boolean;
  }[];
  readonly reason: string;
}

/** The body of an error: a problem document, or API Gateway's own form. */
interface ErrorBody {
  readonly detail?: string;
  readonly message?: string;
  readonly errors?: readonly { readonly detail: string }[];
}

const errorMessageOf = ({ detail, message, errors = [] }: ErrorBody): string =>
  [detail ?? message, ...errors.map((error) => error.detail)].join(' ');

const hintFor = ({ status }: Response): string =>
  status === 401 || status === 403 ? '. Get a new operator token: docs/operations.md' : '';

/** Creates a client of the operator API. An error response is thrown as a CliError with its reason. */
export const createOperatorApi = (url: string, token: string) => {
  const request = async <T>(
    method: 'GET' | 'POST',
    path: string,
    body?: object,
    key?: string,
  ): Promise<T> => {
    const answer = await fetch(`${url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body && { 'content-type': 'application/json' }),
        ...(key !== undefined && { 'idempotency-key': key }),
      },
      ...(body && { body: JSON.stringify(body) }),
    }).catch((error: Error) => {
      const { code, message } = (error.cause ?? error) as NodeJS.ErrnoException;
      throw new CliError(
        `${url} cannot be reached (${code ?? message}): check the address of the API.`,
      );
    });
    const parsed = parseJson(await answer.text()) as (T & ErrorBody) | undefined;
    if (answer.ok && parsed) return parsed;
    const reason = parsed
      ? errorMessageOf(parsed)
      : 'not a response of the API. Check its address.';
    throw new CliError(
      `${method} ${url}${path} answered ${answer.status}: ${reason}${hintFor(answer)}`,
    );
  };

  return {
    deadLetters: () => request<{ items: readonly QueueReport[] }>('GET', '/operator/dead-letters'),
    reviews: () => request<{ items: readonly object[] }>('GET', '/operator/reviews'),
    payment: (paymentId: string) =>
      request<OperatorTimelineBody>(
        'GET',
        `/operator/payments/${encodeURIComponent(paymentId)}/timeline`,
      ),
    /** Requests a refund of units of an order. The key makes a repeated request one refund. */
    refund: (paymentId: string, refund: OperatorRefund, key: string) =>
      request<{ readonly refundId: string }>(
        'POST',
        `/operator/payments/${encodeURIComponent(paymentId)}/refunds`,
        refund,
        key,
      ),
    redrive: (options: RedriveOptions) =>
      request<RedriveResponse>('POST', '/operator/dead-letters/redrive', options),
  };
};

export type OperatorApi = ReturnType<typeof createOperatorApi>;
