import { expect, it } from 'vitest';
import { rethrowAwsError } from '../../../../dev/cli/cli-error.ts';

const failed = (name: string, message: string, $metadata: object) =>
  Object.assign(new Error(message), { name, $metadata });

it.each([
  ['AccessDeniedException', 'not authorized', { httpStatusCode: 400 }, 'AWS refuses the request'],
  ['ExpiredTokenException', 'expired', { httpStatusCode: 403 }, 'AWS refuses the request'],
  ['InternalServerError', 'again', { httpStatusCode: 500 }, 'The stack is no longer reachable'],
  ['Error', 'connect ECONNREFUSED', { attempts: 3 }, 'The stack is no longer reachable'],
])('says of %s whether AWS answered', (name, message, metadata, what) => {
  expect(() => rethrowAwsError(failed(name, message, metadata))).toThrow(
    expect.objectContaining({ name: 'CliError', message: `${what}: ${name}: ${message}` }),
  );
});

it('passes other errors through', () => {
  const error = new TypeError('a fault of the command');

  expect(() => rethrowAwsError(error)).toThrow(error);
});
