import { describe, expect, it } from 'vitest';
import { mayAlreadyBeStored } from '../../../shared/application/may-already-be-stored.ts';
import { RejectionError, ServiceUnavailableError } from '../../../shared/domain/errors.ts';

describe('may already be stored', () => {
  it.each<[string, unknown]>([
    ['a rejection', new RejectionError({ code: 'order-not-payable', detail: 'any' })],
    ['an unavailable service', new ServiceUnavailableError('any')],
    ['a lost connection', Object.assign(new Error('any'), { code: 'ECONNRESET' })],
  ])('is true after %s', (_case, error) => {
    expect(mayAlreadyBeStored(error)).toBe(true);
  });

  it.each<[string, unknown]>([
    ['a defect', new TypeError('any')],
    ['a denied request', Object.assign(new Error('any'), { name: 'AccessDeniedException' })],
    ['a thrown value that is not an error', 'any'],
  ])('is false after %s', (_case, error) => {
    expect(mayAlreadyBeStored(error)).toBe(false);
  });
});
