import type { ExplanationBody } from '../../functions/explain-payment/operation.ts';
import type { Result } from '../../shared/operations/redrive.ts';
import type { Surveyed } from '../../shared/operations/survey.ts';
import { Advice } from '../advice.ts';

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
    });
    const told = (await answer.json()) as T & { detail?: string; errors?: { detail: string }[] };
    if (answer.ok) return told;
    const why = [told.detail, ...(told.errors ?? []).map(({ detail }) => detail)].join(' ');
    throw new Advice(`${method} ${path} answered ${answer.status}: ${why}`);
  };

  return {
    deadLetters: () => ask<{ items: readonly Surveyed[] }>('GET', '/operator/dead-letters'),
    payment: (paymentId: string) =>
      ask<ExplanationBody>('GET', `/operator/payments/${encodeURIComponent(paymentId)}/timeline`),
    redrive: (order: Redrive) => ask<Redriven>('POST', '/operator/dead-letters/redrive', order),
  };
};
