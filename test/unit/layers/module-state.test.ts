import { expect, it } from 'vitest';
import { below } from './sources.ts';

/** Module-level objects of production code. A process with several functions shares each of them. */
const moduleState = {
  'functions/accept-payment/operation.ts schema': 'a constant',
  'functions/confirm-payment/operation.ts operation': 'a constant',
  'functions/inquire-payment/inquire-under-review.ts resolvableTransitions': 'a constant',
  'shared/application/dead-letters/parse-message.ts parseEvent': 'a pure function',
  'shared/config/aws-clients.ts documentClient': 'loaded by index.ts only',
  'shared/config/aws-clients.ts dynamoDbClient': 'loaded by index.ts only',
  'shared/config/document-client.ts itemCommands': 'a constant',
  'shared/config/invocation-deadline.ts remainingMs': 'the invocation of a process',
  'shared/config/lambda-platform.ts lambdaPlatform': 'loaded by index.ts only',
  'shared/config/request-signer.ts unsignedHeaders': 'a constant',
  'shared/config/transient-errors.ts throttlingErrors': 'a constant',
  'shared/domain/bounds.ts encoder': 'has no state',
  'shared/domain/card-number.ts cardSchemes': 'a constant',
  'shared/domain/card-number.ts nonCardFormats': 'a constant',
  'shared/domain/payments/payment-events.ts paymentEvents': 'a constant',
  'shared/domain/payments/payment-transitions.ts paymentStateMachine': 'a constant',
  'shared/domain/refunds/refund-events.ts refundEvents': 'a constant',
  'shared/domain/refunds/refund.ts refundStateMachine': 'a constant',
  'shared/domain/time.ts formatters': 'caches a pure function of a time zone',
  'shared/gateway/stripe/decline-table.ts stripeDeclineTable': 'a constant',
  'shared/gateway/toss/decline-table.ts tossDeclineTable': 'a constant',
  'shared/gateway/toss/protocol.ts fundsByStatus': 'a constant',
  'shared/http/read-json.ts decoder': 'has no state between two texts',
  'shared/http/schemas/payment.ts paymentStage': 'a constant',
  'shared/http/schemas/refund.ts refundStatus': 'a constant',
  'shared/lambda/queued-event.ts messageSchemas': 'caches a pure function of an event name',
  'shared/observability/invocation-scope.ts processScope':
    'the metrics and the request id of a process with one function',
  'shared/observability/invocation-scope.ts scopes': 'separates the functions of a process',
  'shared/observability/logger.ts logger': 'the log of a process',
  'shared/persistence/stream-record.ts entityTypeByKey': 'a constant',
};

it('keeps state in what a function composes, not in a module', () => {
  const statement = /^(?:export )?(let|var|const) (\w+)[\s\S]*?(?=\n\S(?<![)}\]])|(?![\s\S]))/gm;
  const isStateful = (kind: string, text: string) => {
    // What follows an arrow runs at each call, and so do the defaults of its parameters.
    const [head = ''] = text.split(/=>|function/);
    const isFunction = / =\s+(?:async )?[(<]/.test(head);

    return (
      kind !== 'const' ||
      (!isFunction && /\b(?:(?:new |create)[A-Z]\w*[(<]|\w+Client\.from\()/.test(head))
    );
  };

  expect(
    [...below('shared'), ...below('functions')]
      .flatMap(({ path, text }) =>
        [...text.matchAll(statement)]
          .filter(([found, kind = '']) => isStateful(kind, found))
          .map(([, , name]) => `${path} ${name}`),
      )
      .sort(),
  ).toEqual(Object.keys(moduleState));
});
