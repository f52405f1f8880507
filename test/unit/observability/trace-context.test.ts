import { describe, expect, it } from 'vitest';
import { requestTraceparent, traceIdOf } from '../../../shared/observability/trace-context.ts';

const requestId = '0af76519-16cd-43dd-8448-eb211c80319c';
const callers = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';

describe('trace context of a request', () => {
  it("continues the caller's trace with its own span", () => {
    expect(requestTraceparent(requestId, callers)).toBe(
      '00-4bf92f3577b34da6a3ce929d0e0e4736-0af7651916cd43dd-01',
    );
  });

  it.each([
    undefined,
    '',
    'yes',
    callers.toUpperCase(),
    `${callers}-more`,
    '00-00000000000000000000000000000000-00f067aa0ba902b7-01',
    '00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01',
  ])('starts a trace if the header is %j', (header) => {
    expect(requestTraceparent(requestId, header)).toBe(
      '00-0af7651916cd43dd8448eb211c80319c-0af7651916cd43dd-01',
    );
  });
});

it('shares its trace id with all that follows', () => {
  expect(traceIdOf(callers)).toBe('4bf92f3577b34da6a3ce929d0e0e4736');
  expect(traceIdOf(undefined)).toBeUndefined();
});
