import { metricCatalogue } from '../../shared/observability/metric-catalogue.ts';
import { table } from '../cli/markdown.ts';

/** Every metric of the catalogue: unit, what it is told apart by, and what it means. */
export const metricList = (): string =>
  table(
    ['metric', 'unit', 'by', 'what it is'],
    Object.entries(metricCatalogue).map(([name, { unit, dimensions, description }]) => [
      `\`${name}\``,
      unit,
      ['service', ...dimensions].map((dimension) => `\`${dimension}\``).join(', '),
      description,
    ]),
  );
