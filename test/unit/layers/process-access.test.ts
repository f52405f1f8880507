import { expect, it } from 'vitest';
import { below, isWithin, type Source } from './sources.ts';

it('keeps clock, randomness and environment out of the domain', () => {
  const impure = /\bprocess\.|\bDate\.now\(|\bnew Date\(\)|\bMath\.random\(|\bcrypto\./;

  expect(
    below('shared/domain')
      .filter(({ text }) => impure.test(text))
      .map(({ path }) => path),
  ).toEqual([]);
});

it('reads the environment of the process in the platform and to select the gateway', () => {
  expect(
    [...below('shared'), ...below('functions')]
      .filter(({ text }) => text.includes('process.env'))
      .map(({ path }) => path)
      .sort(),
  ).toEqual([
    'shared/config/credentials.ts',
    'shared/config/lambda-platform.ts',
    'shared/gateway/checkout.ts',
    'shared/gateway/gateway-from-env.ts',
    'shared/gateway/token-format.ts',
    'shared/gateway/webhook-reader.ts',
  ]);
});

/** The only files that read the time or the randomness of the process; all others are given a runtime. */
const filesOfProcessTime = {
  'shared/config/request-handler.ts': 'limits the duration of a request',
  'shared/config/request-signer.ts': 'signs the current time if it is given none',
  'shared/config/system-clock.ts': 'the clock and the timers of Lambda',
  'shared/config/system-runtime.ts': 'the runtime of Lambda',
  'shared/gateway/conformance/harness.ts': 'tests of an adapter',
  'shared/http/http-handler.ts': 'measures a duration',
  'shared/observability/metrics.ts': 'measures a duration, timestamps metrics',
};

it('reads the time and the randomness of the process only to give or to measure them', () => {
  const ofProcess =
    /\bDate\.now\(|\bnew Date\(\)|\bMath\.random\b|\brandom(?:UUID|Int|Bytes)\b|\bset(?:Timeout|Interval)\b|\bAbortSignal\.timeout\b|\bperformance\.now\b/;
  const withoutComments = (text: string) => text.replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '');

  expect(
    [...below('shared'), ...below('functions')]
      .filter(({ text }) => ofProcess.test(withoutComments(text)))
      .map(({ path }) => path)
      .sort(),
  ).toEqual(Object.keys(filesOfProcessTime));
});

it('sends requests to the gateway only through the exchange that an adapter is given', () => {
  const network = ['node:http', 'node:https', 'node:net', 'node:tls'];
  const sender = 'shared/gateway/http-exchange.ts';
  const sends = ({ text, imports }: Source) =>
    imports.some((name) => network.includes(name) || name === sender) || /\bfetch\(/.test(text);

  expect(
    below('shared/gateway')
      .filter((source) => sends(source) && !isWithin(source.path, 'shared/gateway/conformance'))
      .map(({ path }) => path)
      .sort(),
  ).toEqual(['shared/gateway/gateway-from-env.ts', sender]);
});

it('writes to tables of the service only with the retry policy', () => {
  const writing = /\bnew (?:Put|Update|Delete|BatchWrite|TransactWrite|TransactGet)Command\(/;

  expect(
    [...below('shared'), ...below('functions')]
      .filter(({ path, text }) => writing.test(text) && !isWithin(path, 'shared/simulators'))
      .map(({ path }) => path),
  ).toEqual([
    'shared/persistence/dynamodb/transaction.ts',
    'shared/persistence/dynamodb/write-item.ts',
  ]);
});

it('starts every handler where its log lines get the request id', () => {
  expect(
    [...below('shared'), ...below('functions')]
      .filter(({ imports }) => imports.includes('@middy/core'))
      .map(({ path }) => path),
  ).toEqual(['shared/observability/invocation-scope.ts']);
});
