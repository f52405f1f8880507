import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { paymentTransitions } from '../../shared/domain/payments/payment-transition-table.ts';
import { refundTransitions } from '../../shared/domain/refunds/refund.ts';
import { type MetricName, metricCatalogue } from '../../shared/observability/metric-catalogue.ts';
import { metricDescriptions } from '../../shared/observability/metric-descriptions.ts';
import { checks } from '../../test/simulation/checks/all-checks.ts';
import { countSeeds, readResults, type Verdict } from '../../test/simulation/mutants/results.ts';
import { table } from '../cli/markdown.ts';
import { root } from '../cli/paths.ts';
import { notificationList, problemList, routeList } from './api.ts';
import { designDocument } from './design/page.ts';
import { benchResults } from './design/results.ts';
import { declineCodeList, failureCodeList, refundFailureCodeList } from './failure-codes.ts';
import { functionList } from './functions.ts';
import { buildOpenApi } from './openapi.ts';
import { schemaFiles, schemaList } from './schemas.ts';
import { simulatorOutcomeTable } from './simulator-outcome-table.ts';
import { stateDiagram, transitionTable } from './states.ts';
import { paymentLifecycle } from './tables.ts';

/** Every metric of the catalogue with its unit, dimensions and description. */
const metricList = (): string =>
  table(
    ['metric', 'unit', 'by', 'what it is'],
    Object.entries(metricCatalogue).map(([name, { unit, dimensions }]) => [
      `\`${name}\``,
      unit,
      ['service', ...dimensions].map((dimension) => `\`${dimension}\``).join(', '),
      metricDescriptions[name as MetricName],
    ]),
  );

/** Every check of the simulation with its property and the invariants that it guards. */
const checkList = (): string =>
  table(
    ['check', 'property', 'when', 'invariants'],
    checks.map(({ name, property, invariants, onWrite, atEnd }) => [
      `[${name}](../test/simulation/checks/${name}.ts)`,
      property,
      [...(onWrite ? ['at each write'] : []), ...(atEnd ? ['at the end'] : [])].join(', '),
      invariants.map((number) => `[${number}](architecture.md#invariants)`).join(', '),
    ]),
  );

/** A function that cannot start needs no seed. */
const whenKilled = ({ seeds }: Verdict): string =>
  seeds === undefined ? 'at the start' : `after ${countSeeds(seeds)}`;

/** Every planted fault, and what finds it: tests, or the simulation with its number of seeds. */
const mutantList = (): string =>
  table(
    ['mutant', 'kind', 'what it breaks', 'tests', 'simulation'],
    readResults().mutants.map(({ name, kind, breaks, tests, simulation }) => [
      `\`${name}\``,
      kind,
      breaks,
      tests?.isKilled ? 'yes' : 'no',
      simulation?.isKilled ? whenKilled(simulation) : 'no',
    ]),
  );

/** Hand-written pages with generated parts, each between two comments with its name. */
const pages = {
  'docs/architecture.md': { 'function-list': functionList },
  'docs/states.md': {
    'state-diagram': () => stateDiagram(paymentTransitions),
    'transition-table': () => transitionTable(paymentTransitions),
    'simulator-outcomes': simulatorOutcomeTable,
    'refund-diagram': () => stateDiagram(refundTransitions),
    'refund-table': () => transitionTable(refundTransitions),
  },
  'docs/tables.md': { 'payment-lifecycle': paymentLifecycle },
  'docs/events.md': { 'event-list': schemaList },
  'docs/api.md': {
    'route-list': routeList,
    'notification-list': notificationList,
    'problem-list': problemList,
    'decline-codes': declineCodeList,
    'failure-codes': failureCodeList,
    'refund-failure-codes': refundFailureCodeList,
  },
  'docs/operations.md': { 'metric-list': metricList },
  'docs/simulation.md': { 'check-list': checkList, 'mutant-list': mutantList },
} as const satisfies Record<string, Record<string, () => string>>;

/** The design document, or nothing until every benchmark has a stored result. */
const designDocuments = (): [string, string][] => {
  const results = benchResults();

  return results ? [['docs/design-document.md', designDocument(results)]] : [];
};

/** Every generated file and page, by its path from the repository's root. */
export const generatedDocs = (): ReadonlyMap<string, string> =>
  new Map([
    ...schemaFiles(),
    ...designDocuments(),
    ['docs/openapi.json', `${JSON.stringify(buildOpenApi(), null, 2)}\n`],
    ...Object.entries(pages).map(([path, parts]): [string, string] => [
      path,
      fillPage(path, parts),
    ]),
  ]);

const fillPage = (path: string, parts: Readonly<Record<string, () => string>>): string =>
  Object.entries(parts).reduce(
    (page, [name, made]) => replaceSection(path, page, name, made()),
    readFileSync(join(root, path), 'utf8'),
  );

const replaceSection = (path: string, page: string, name: string, text: string): string => {
  const [begin, end] = [`<!-- generated: ${name} -->`, `<!-- end: ${name} -->`];
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`${path} has no generated section "${name}".`);

  return `${page.slice(0, from)}${begin}\n\n${text}\n\n${page.slice(to)}`;
};
