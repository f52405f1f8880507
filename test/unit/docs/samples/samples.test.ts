import { globSync, readdirSync } from 'node:fs';
import type { APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import { expect, it } from 'vitest';
import { declined } from '../../../../dev/docs/example-payment.ts';
import { eventNames, sampleOf } from '../../../../dev/docs/schemas.ts';
import { createInMemorySimulator } from '../../../../dev/local/simulator-server.ts';
import { createInMemoryReceiver } from '../../../../dev/local/sinks-server.ts';
import { systemClock } from '../../../../shared/config/system-clock.ts';
import { readSimulatorWebhook } from '../../../../shared/gateway/simulator/webhook.ts';
import { type ApiEvent, rawBodyOf } from '../../../../shared/http/request.ts';
import { scheduledRunOf } from '../../../../shared/lambda/schedule-handler.ts';
import { stepInput } from '../../../../shared/lambda/step-handler.ts';
import { createPlainHandler } from '../../../../shared/simulators/lambda-adapter.ts';
import { mount } from '../../../../shared/simulators/plain-http.ts';
import { readSample, samplePayment } from './sample.ts';

it('samples exist for each function and each event', () => {
  const ofFunctions = readdirSync('functions').map((folder) => `events/${folder}.json`);

  expect(globSync('events/**/*.json')).toEqual(
    expect.arrayContaining([...ofFunctions, ...eventNames.map(sampleOf)]),
  );
});

it.each(['restore-stock', 'restore-balance', 'release-order', 'finish-compensation'])(
  '%s compensates the declined payment',
  (name) => {
    expect(stepInput.parse(readSample(name))).toEqual({ paymentId: declined.accepted.paymentId });
  },
);

it('receive-webhook is signed and names the completed payment', async () => {
  const event = readSample<ApiEvent>('receive-webhook');
  const key = Buffer.from('the key of these samples').toString('base64');
  const sentAt = new Date(Number(event.headers['webhook-timestamp']) * 1_000);
  const raw = { headers: event.headers, body: rawBodyOf(event) };

  expect(await readSimulatorWebhook(raw, [key], sentAt)).toEqual({
    id: 'evt_sample',
    reference: samplePayment.paymentId,
  });
});

it.each(['sweep-payments', 'measure-backlog', 'pay-canary-order'])(
  '%s has its scheduled time',
  (name) => {
    expect(scheduledRunOf(readSample(name), systemClock)).toEqual(readSample(name));
  },
);

it.each([
  [
    'simulate-gateway',
    createInMemorySimulator(),
    { status: 'approved', reference: samplePayment.paymentId },
  ],
  [
    'receive-deliveries',
    mount({ '/data-platform': createInMemoryReceiver() }),
    { duplicate: false },
  ],
] as const)('%s gets a response', async (name, server, answer) => {
  const handler = createPlainHandler(server, { maxDelayMs: 0, sleep: async () => {} });

  const { statusCode, body } = (await handler(
    readSample(name),
    {} as Context,
  )) as APIGatewayProxyStructuredResultV2;

  expect(statusCode).toBe(200);
  expect(JSON.parse(body ?? '')).toMatchObject(answer);
});
