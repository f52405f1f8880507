import { describe, expect, it } from 'vitest';
import { metricCatalogue, metricNamespace } from '../../shared/observability/metric-catalogue.ts';
import { toText } from '../support/cdk/intrinsics.ts';
import { contexts, synthesize } from '../support/cdk/synthesis.ts';

const names = Object.keys(metricCatalogue).sort();

describe.each(Object.entries(contexts))('the dashboard (%s)', (_, context) => {
  const { all, named } = synthesize(context);
  const board = toText(named('Dashboard/Dashboard').properties.DashboardBody);

  it('shows every metric of the catalogue on the dashboard, with all its dimensions', () => {
    const shown = [...board.matchAll(/SEARCH\('\{([\w,]+)\} MetricName=\\*"(\w+)\\*"'/g)];

    expect([...new Set(shown.map(([, , name]) => name))].sort()).toEqual(names);
    for (const [, dimensions, name] of shown)
      expect(dimensions).toBe(
        [
          metricNamespace,
          'service',
          ...metricCatalogue[name as keyof typeof metricCatalogue].dimensions,
        ].join(','),
      );
  });

  it('shows the age of every queue and the depth of every dead-letter queue', () => {
    for (const { name, properties } of all('AWS::SQS::Queue')) {
      const metric = properties.RedrivePolicy
        ? 'ApproximateAgeOfOldestMessage'
        : 'ApproximateNumberOfMessagesVisible';

      expect(board, name).toContain(`"AWS/SQS","${metric}","QueueName","${name}.QueueName"`);
    }
  });
});
