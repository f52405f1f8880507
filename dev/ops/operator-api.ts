import type { ExplanationBody } from '../../functions/get-operator-timeline/operation.ts';
import type { Surveyed } from '../../shared/application/dead-letters/inspect-queues.ts';
import type { Result } from '../../shared/application/dead-letters/redrive.ts';
import { jsonOf } from '../../shared/simulators/plain-http.ts';
import { Advice } from '../cli/cli-error.ts';

/** What is asked of the dead letters of a consumer; what is undefined is not sent. */
export interface Redrive {
  readonly consumer: string;
  readonly action: 'send-again' | 'drop';
  readonly reason: string;
  readonly dryRun: boolean;
  readonly paymentId?: string | undefined;
  readonly event?: string | undefined;
  readonly olderThanSeconds?: number | undefined;
  readonly most?: number | undefined;
  readonly perSecond?: number | undefined;
}

export interface Redriven {
  readonly dryRun: boolean;
  readonly items: readonly Result[];
}

/** Of a problem document, or of API Gateway, which has words of its own. */
interface Told {
  readonly detail?: string;
  readonly message?: string;
  readonly errors?: readonly { readonly detail: string }[];
}

const reasonsOf = ({ detail, message, errors = [] }: Told): string =>
  [detail ?? message, ...errors.map((fault) => fault.detail)].join(' ');

const adviceOn = ({ status }: Response): string =>
  status === 401 || status === 403 ? '. Get a new token of an operator: docs/operations.md' : '';

/** The operator's part of the API. What it refuses is an advice that says why. */
export const operatorApi = (url: string, token: string) => {
  const ask = async <T>(method: 'GET' | 'POST', path: string, body?: object): Promise<T> => {
    const answer = await fetch(`${url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body && { 'content-type': 'application/json' }),
      },
      ...(body && { body: JSON.stringify(body) }),
    }).catch((error: Error) => {
      const { code, message } = (error.cause ?? error) as NodeJS.ErrnoException;
      throw new Advice(
        `${url} cannot be reached (${code ?? message}): is that the address of the API?`,
      );
    });
    const told = jsonOf(await answer.text()) as (T & Told) | undefined;
    if (answer.ok && told) return told;
    const why = told ? reasonsOf(told) : 'that is no answer of the API. Is it its address?';
    throw new Advice(
      `${method} ${url}${path} answered ${answer.status}: ${why}${adviceOn(answer)}`,
    );
  };

  return {
    deadLetters: () => ask<{ items: readonly Surveyed[] }>('GET', '/operator/dead-letters'),
    payment: (paymentId: string) =>
      ask<ExplanationBody>('GET', `/operator/payments/${encodeURIComponent(paymentId)}/timeline`),
    redrive: (order: Redrive) => ask<Redriven>('POST', '/operator/dead-letters/redrive', order),
  };
};
