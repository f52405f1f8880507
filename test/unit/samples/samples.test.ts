import { globSync, readdirSync } from 'node:fs';
import type { APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import { expect, it } from 'vitest';
import { eventNames, sampleOf } from '../../../dev/docs/schemas.ts';
import { declined } from '../../../dev/docs/story.ts';
import { freshSimulator } from '../../../dev/simulator-server.ts';
import { freshReceiver } from '../../../dev/sinks-server.ts';
import { type ApiEvent, rawBodyOf } from '../../../shared/http/boundary.ts';
import { plainHandler } from '../../../shared/outside/lambda-http.ts';
import { mounted } from '../../../shared/outside/plain-http.ts';
import { readSimulatorWebhook } from '../../../shared/pg/simulator-webhook.ts';
import { systemClock } from '../../../shared/runtime/clock.ts';
import { stepInput } from '../../../shared/runtime/compensation-step.ts';
import { tickOf } from '../../../shared/runtime/tick-handler.ts';
import { payment, sample } from './sample.ts';

it('has a sample for each function and each event', () => {
  const ofFunctions = readdirSync('functions').map((folder) => `events/${folder}.json`);

  expect(globSync('events/**/*.json')).toEqual(
    expect.arrayContaining([...ofFunctions, ...eventNames.map(sampleOf)]),
  );
});

it.each(['restore-stock', 'restore-balance', 'release-order', 'finish-compensation'])(
  '%s undoes the declined payment',
  (name) => {
    expect(stepInput.parse(sample(name))).toEqual({ paymentId: declined.accepted.paymentId });
  },
);

it('receive-webhook is signed, and about the completed payment', async () => {
  const event = sample<ApiEvent>('receive-webhook');
  const key = Buffer.from('the key of these samples').toString('base64');
  const sentAt = new Date(Number(event.headers['webhook-timestamp']) * 1_000);
  const raw = { headers: event.headers, body: rawBodyOf(event) };

  expect(await readSimulatorWebhook(raw, [key], sentAt)).toEqual({
    id: 'evt_sample',
    reference: payment.paymentId,
  });
});

it.each(['sweep-payments', 'measure-backlog'])('%s is told its tick', (name) => {
  expect(tickOf(sample(name), systemClock)).toEqual(sample(name));
});

it.each([
  ['simulate-gateway', freshSimulator(), { status: 'approved', reference: payment.paymentId }],
  ['receive-deliveries', mounted({ '/data-platform': freshReceiver() }), { duplicate: false }],
] as const)('%s is answered', async (name, server, answer) => {
  const handler = plainHandler(server, { hangMs: 0 });

  const { statusCode, body } = (await handler(
    sample(name),
    {} as Context,
  )) as APIGatewayProxyStructuredResultV2;

  expect(statusCode).toBe(200);
  expect(JSON.parse(body ?? '')).toMatchObject(answer);
});
