import { readFileSync } from 'node:fs';
import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import {
  cancellationCodes,
  dynamoErrors,
  errorClassOf,
} from '../../../shared/config/dynamodb-errors.ts';
import { isTransientError } from '../../../shared/config/transient-errors.ts';

/** Every call that the repositories make. */
const calls = [
  'GetItem',
  'BatchGetItem',
  'Query',
  'Scan',
  'PutItem',
  'UpdateItem',
  'TransactWriteItems',
];

const inSdk = (path: string) =>
  readFileSync(`node_modules/@aws-sdk/client-dynamodb/dist-types/${path}`, 'utf8');

/** The errors that the SDK's own description of a call lists. */
const documentedOf = (call: string): readonly string[] =>
  [...inSdk(`commands/${call}Command.d.ts`).matchAll(/@throws \{@link (\w+)\} \(/g)].map(
    ([, name = '']) => name,
  );

const named = (name: string, more: object = {}) => Object.assign(new Error(name), { name }, more);

const cancelledBy = (...codes: readonly string[]) =>
  new TransactionCanceledException({
    message: 'cancelled',
    $metadata: {},
    CancellationReasons: codes.map((Code) => ({ Code })),
  });

describe('the errors of DynamoDB', () => {
  it.each(calls)('are classified, each that the SDK documents for %s', (call) => {
    const documented = documentedOf(call);

    expect(documented).not.toEqual([]);
    expect(documented.filter((name) => !(name in dynamoErrors))).toEqual([]);
  });

  it('are temporary where the same call may succeed a moment later', () => {
    const temporary = Object.keys(dynamoErrors).filter((name) => dynamoErrors[name] !== 'final');

    expect(temporary.sort()).toEqual([
      'InternalServerError',
      'ProvisionedThroughputExceededException',
      'ReplicatedWriteConflictException',
      'RequestLimitExceeded',
      'ServiceUnavailable',
      'ThrottlingException',
      'TransactionConflictException',
      'TransactionInProgressException',
    ]);
    expect(
      temporary.filter((name) => !isTransientError(named(name, { $fault: 'client' }))),
    ).toEqual([]);
  });

  it('are classified, each reason that the SDK documents for a cancelled transaction', () => {
    const documented = [...inSdk('models/errors.d.ts').matchAll(/Code: <code>(\w+)<\/code>/g)].map(
      ([, code = '']) => code,
    );

    expect(documented).toContain('TransactionConflict');
    expect(documented.filter((code) => !(code in cancellationCodes))).toEqual([]);
  });

  it.each(['TransactionConflict', 'ThrottlingError', 'ProvisionedThroughputExceeded'])(
    'cancel a transaction for the moment by %s, whatever else is among the reasons',
    (code) => {
      expect(errorClassOf(cancelledBy('None', 'ConditionalCheckFailed', code))).toBe('rejected');
    },
  );

  it.each(['ConditionalCheckFailed', 'ItemCollectionSizeLimitExceeded', 'ValidationError'])(
    'cancel a transaction for good by %s',
    (code) => {
      expect(errorClassOf(cancelledBy('None', code))).toBe('final');
      expect(isTransientError(cancelledBy('None', code))).toBe(false);
    },
  );

  it.each(['constructor', 'toString', '__proto__'])('do not include one named %s', (name) => {
    expect(errorClassOf(named(name))).toBeUndefined();
  });
});

describe('an outage', () => {
  it.each([
    ['a throttle of SQS', named('RequestThrottled', { $fault: 'client' })],
    ['a fault of the service', named('InternalFailure', { $fault: 'server' })],
    [
      'a 503 in HTML, which the SDK fails to parse',
      Object.assign(new SyntaxError('Unexpected token <'), { $metadata: { httpStatusCode: 503 } }),
    ],
    ['a lost connection', named('Error', { code: 'ECONNRESET' })],
    ['a timeout', named('TimeoutError')],
  ])('is %s', (_what, error) => {
    expect(isTransientError(error)).toBe(true);
  });

  it.each([
    ['a refused request', named('ValidationException', { $fault: 'client' })],
    ['a defect', new TypeError('x is not a function')],
    ['an argument of the wrong type', named('TypeError', { code: 'ERR_INVALID_ARG_TYPE' })],
    ['no error at all', 'ThrottlingException'],
  ])('is not %s', (_what, error) => {
    expect(isTransientError(error)).toBe(false);
  });
});
