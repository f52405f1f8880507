import { Metrics } from '@aws-lambda-powertools/metrics';
import { vi } from 'vitest';
import { flushMetrics } from '../../shared/observability/metrics.ts';

type MetricLine = Readonly<Record<string, unknown>>;

/** Collects every EMF line that is published from now on, without its header, service and request id. Drops the metrics that other tests left behind. */
export const captureMetrics = (): readonly MetricLine[] => {
  const lines: MetricLine[] = [];
  vi.spyOn(Metrics.prototype, 'publishStoredMetrics').mockImplementation(function (this: Metrics) {
    if (!this.hasStoredMetrics()) return this;
    const { _aws, service, requestId, ...rest } = this.serializeMetrics();
    lines.push(rest);
    this.clearMetrics();

    return this;
  });
  flushMetrics();
  lines.length = 0;

  return lines;
};
