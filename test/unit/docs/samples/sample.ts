import { readFileSync } from 'node:fs';
import { completed } from '../../../../dev/docs/example-payment.ts';
import { sampleOf } from '../../../../dev/docs/schemas.ts';
import type { EventName } from '../../../../shared/domain/events/domain-event.ts';
import { createQueuedEventParser } from '../../../../shared/lambda/queued-event.ts';

/** A file of events/ by its path there, without the ending. */
export const readSample = <T>(name: string): T =>
  JSON.parse(readFileSync(`events/${name}.json`, 'utf8')) as T;

/** The sampled event of a name, as a consumer reads it. */
export const readSampleEvent = (name: EventName) =>
  createQueuedEventParser([name])(readFileSync(sampleOf(name), 'utf8'));

/** The payment that the samples are about. */
export const samplePayment = { paymentId: completed.accepted.paymentId };
