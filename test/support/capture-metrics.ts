import { Metrics } from '@aws-lambda-powertools/metrics';
import { vi } from 'vitest';

type MetricLine = Readonly<Record<string, unknown>>;

/** Collects every EMF line that is published from now on, without its header. */
export const captureMetrics = (): readonly MetricLine[] => {
  const lines: MetricLine[] = [];
  vi.spyOn(Metrics.prototype, 'publishStoredMetrics').mockImplementation(function (this: Metrics) {
    if (!this.hasStoredMetrics()) return this;
    const { _aws, service, ...rest } = this.serializeMetrics();
    lines.push(rest);
    this.clearMetrics();

    return this;
  });

  return lines;
};
