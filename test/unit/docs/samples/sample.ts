import { readFileSync } from 'node:fs';
import { completed } from '../../../../dev/docs/example-payment.ts';
import { sampleOf } from '../../../../dev/docs/schemas.ts';
import type { EventName } from '../../../../shared/domain/events/domain-event.ts';
import { createQueuedEventParser } from '../../../../shared/lambda/queued-event.ts';

/** Reads a file of events/ by its path there, without the extension. */
export const readSample = <T>(name: string): T =>
  JSON.parse(readFileSync(`events/${name}.json`, 'utf8')) as T;

/** Reads the sample of an event as a consumer parses it. */
export const readSampleEvent = (name: EventName) =>
  createQueuedEventParser([name])(readFileSync(sampleOf(name), 'utf8'));

/** The payment of the samples. */
export const samplePayment = { paymentId: completed.accepted.paymentId };
