import { describe, expect, it } from 'vitest';
import { toText, valueAt } from '../support/cdk/intrinsics.ts';
import { contexts, synthesize } from '../support/cdk/synthesis.ts';

describe.each(Object.entries(contexts))('the access log of the API (%s)', (stage, context) => {
  const { named } = synthesize(context);

  it('logs who called, from where and what failed, and no token', () => {
    const settings = named('Api/Stage').properties.AccessLogSettings;
    const format = JSON.parse(toText(valueAt(settings, 'Format')));

    expect(format).toMatchObject({
      requestId: '$context.requestId',
      sourceAddress: '$context.identity.sourceIp',
      userAgent: '$context.identity.userAgent',
      subject: '$context.authorizer.claims.sub',
      error: '$context.error.message',
      authorizerError: '$context.authorizer.error',
      integrationError: '$context.integrationErrorMessage',
    });
    expect(JSON.stringify(format)).not.toMatch(/header|authorization|body/i);
  });

  it('keeps the access log for 13 months in production', () => {
    const days = { local: 1, sandbox: 7, production: 400 };

    expect(valueAt(named('Api/Stage').properties, 'AccessLogSettings.DestinationArn')).toBe(
      'Api/AccessLogs.Arn',
    );
    expect(named('Api/AccessLogs').properties.RetentionInDays).toBe(
      days[stage as keyof typeof days],
    );
  });
});
