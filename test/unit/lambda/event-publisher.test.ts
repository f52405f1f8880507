import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { createDomainEvent, type DomainEvent } from '../../../shared/domain/events/domain-event.ts';
import {
  createEventsPublisher,
  EventRefusedError,
} from '../../../shared/lambda/event-publisher.ts';
import { noon } from '../../support/builders/builders.ts';

const bus = mockClient(EventBridgeClient);
const publish = createEventsPublisher(bus as unknown as EventBridgeClient, 'the-bus');

/** An event whose user has a name of this many bytes. */
const anEvent = (id: number, bytes = 10): DomainEvent =>
  createDomainEvent(
    'PaymentReserved',
    { subject: `pay_${id}`, version: 1, at: noon.toISOString() },
    {
      paymentId: `pay_${id}`,
      orderId: 'ord_1',
      userId: 'u'.repeat(bytes),
      amount: 5_000,
      balanceAmount: 2_000,
      gatewayAmount: 3_000,
      currency: 'KRW',
    },
  );

const events = (count: number, bytes?: number) =>
  Array.from({ length: count }, (_, index) => anEvent(index + 1, bytes));

const idsOf = (Entries: readonly { readonly Detail?: string }[] = []) =>
  Entries.map(({ Detail = '' }) => JSON.parse(Detail).subject as string);

const requests = () =>
  bus.commandCalls(PutEventsCommand).map(({ args: [{ input }] }) => idsOf(input.Entries));

/** The result of an event: `published`, `refused`, or `later` if another attempt may publish it. */
const resultsOf = async (published: readonly DomainEvent[]) =>
  (await publish(published)).map((fault) => {
    if (fault === undefined) return 'published';

    return fault instanceof EventRefusedError ? 'refused' : 'later';
  });

const clientError = (name: string, httpStatusCode = 400) =>
  Object.assign(new Error(name), { name, $fault: 'client', $metadata: { httpStatusCode } });

beforeEach(() => {
  bus.reset();
  bus
    .on(PutEventsCommand)
    .callsFake(({ Entries }) => ({ Entries: Entries.map(() => ({ EventId: 'taken' })) }));
});

describe('publish several events', () => {
  it('sends up to ten in one request, in order', async () => {
    expect(await resultsOf(events(23))).toEqual(Array(23).fill('published'));

    expect(requests().map(({ length }) => length)).toEqual([10, 10, 3]);
    expect(requests().flat()).toEqual(events(23).map(({ subject }) => subject));
  });

  it('keeps a request below 256 KB and sends a larger event alone', async () => {
    await publish([...events(5, 100_000), anEvent(6, 300_000), anEvent(7)]);

    expect(requests()).toEqual([
      ['pay_1', 'pay_2'],
      ['pay_3', 'pay_4'],
      ['pay_5'],
      ['pay_6'],
      ['pay_7'],
    ]);
  });

  it.each([
    ['ThrottlingException', 'later'],
    ['InternalFailure', 'later'],
    ['InternalException', 'later'],
    ['AccessDeniedException', 'later'],
    ['InvalidAccountIdException', 'later'],
    ['NotAuthorizedForSourceException', 'later'],
    ['NotAuthorizedForDetailTypeException', 'refused'],
    ['InvalidArgument', 'refused'],
    ['MalformedDetail', 'refused'],
    ['RedactionFailure', 'refused'],
    ['ACodeOfTheFuture', 'refused'],
  ])('returns for each entry whether a retry helps: %s', async (ErrorCode, result) => {
    bus.on(PutEventsCommand).resolves({
      FailedEntryCount: 1,
      Entries: [{ EventId: 'taken' }, { ErrorCode }, { EventId: 'taken' }],
    });

    expect(await resultsOf(events(3))).toEqual(['published', result, 'published']);
  });

  it('does not count an entry without a result as published', async () => {
    bus.on(PutEventsCommand).resolves({ FailedEntryCount: 0, Entries: [{ EventId: 'taken' }] });

    expect(await resultsOf(events(2))).toEqual(['published', 'later']);
  });

  it.each([
    ['ThrottlingException', 400],
    ['AccessDeniedException', 400],
    ['ExpiredTokenException', 403],
    ['ResourceNotFoundException', 400],
    ['InternalException', 500],
    ['TimeoutError', 0],
  ])('publishes none of a request that fails with %s, and refuses none', async (name, status) => {
    bus.on(PutEventsCommand).rejects(clientError(name, status));

    expect(await resultsOf(events(2))).toEqual(['later', 'later']);
    expect(requests()).toHaveLength(1);
  });

  it.each([
    ['ValidationException', 400],
    ['SerializationException', 400],
    ['413', 413],
  ])('finds the entry for which a request fails with %s', async (name, status) => {
    bus.on(PutEventsCommand).callsFake(({ Entries }) => {
      if (idsOf(Entries).includes('pay_2')) throw clientError(name, status);

      return { Entries: Entries.map(() => ({ EventId: 'taken' })) };
    });

    expect(await resultsOf(events(3))).toEqual(['published', 'refused', 'published']);
    expect(requests().slice(1)).toEqual([['pay_1'], ['pay_2'], ['pay_3']]);
  });
});
