import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  cancellationCodes,
  dynamoErrors,
  errorClassOf,
} from '../../../shared/config/dynamodb-errors.ts';
import { isTransientError } from '../../../shared/config/transient-errors.ts';
import { cancelledTransaction } from '../../support/builders/transaction-errors.ts';

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

/** The errors that the SDK's model of a call lists. */
const documentedOf = (call: string): readonly string[] =>
  [...inSdk(`commands/${call}Command.d.ts`).matchAll(/@throws \{@link (\w+)\} \(/g)].map(
    ([, name = '']) => name,
  );

const named = (name: string, more: object = {}) => Object.assign(new Error(name), { name }, more);

describe('DynamoDB errors', () => {
  it.each(calls)('classifies every documented error of %s', (call) => {
    const documented = documentedOf(call);

    expect(documented).not.toEqual([]);
    expect(documented.filter((name) => !(name in dynamoErrors))).toEqual([]);
  });

  it('are transient if a retry can succeed', () => {
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

  it('classifies every documented cancellation reason', () => {
    const documented = [...inSdk('models/errors.d.ts').matchAll(/Code: <code>(\w+)<\/code>/g)].map(
      ([, code = '']) => code,
    );

    expect(documented).toContain('TransactionConflict');
    expect(documented.filter((code) => !(code in cancellationCodes))).toEqual([]);
  });

  it.each(['TransactionConflict', 'ThrottlingError', 'ProvisionedThroughputExceeded'])(
    'are transient for the cancellation reason %s, whatever the others are',
    (code) => {
      expect(errorClassOf(cancelledTransaction('None', 'ConditionalCheckFailed', code))).toBe(
        'rejected',
      );
    },
  );

  it.each(['ConditionalCheckFailed', 'ItemCollectionSizeLimitExceeded', 'ValidationError'])(
    'are final for the cancellation reason %s',
    (code) => {
      expect(errorClassOf(cancelledTransaction('None', code))).toBe('final');
      expect(isTransientError(cancelledTransaction('None', code))).toBe(false);
    },
  );

  it.each(['constructor', 'toString', '__proto__'])('have no class for %s', (name) => {
    expect(errorClassOf(named(name))).toBeUndefined();
  });
});

describe('transient error', () => {
  it.each([
    ['a throttle of SQS', named('RequestThrottled', { $fault: 'client' })],
    ['a fault of the service', named('InternalFailure', { $fault: 'server' })],
    [
      'a 503 in HTML, which the SDK fails to parse',
      Object.assign(new SyntaxError('Unexpected token <'), { $metadata: { httpStatusCode: 503 } }),
    ],
    ['a lost connection', named('Error', { code: 'ECONNRESET' })],
    ['a timeout', named('TimeoutError')],
  ])('includes %s', (_what, error) => {
    expect(isTransientError(error)).toBe(true);
  });

  it.each([
    ['a rejected request', named('ValidationException', { $fault: 'client' })],
    ['a defect', new TypeError('x is not a function')],
    ['an argument of the wrong type', named('TypeError', { code: 'ERR_INVALID_ARG_TYPE' })],
    ['no error at all', 'ThrottlingException'],
  ])('does not include %s', (_what, error) => {
    expect(isTransientError(error)).toBe(false);
  });
});
