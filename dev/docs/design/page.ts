import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { compositionTable, functionTable, variantTable } from '../../../test/bench/cold/run.ts';
import { conflictTable } from '../../../test/bench/conflict/run.ts';
import { billTable, kindTable, priceTable } from '../../../test/bench/cost/report.ts';
import { countTable } from '../../../test/bench/counts/run.ts';
import { gatewayTable } from '../../../test/bench/measure/gateway.ts';
import { cpuTable, limitTable, loadTable, ratioTable } from '../../../test/bench/measure/report.ts';
import {
  executionTable,
  needTable,
  quotaSourceTable,
  regionTable,
} from '../../../test/bench/model/needs-report.ts';
import { inputTable, modelTable } from '../../../test/bench/model/run.ts';
import { comparisonTable } from './comparison.ts';
import { afterDiagram, beforeDiagram, oneTransactionDiagram } from './diagrams.ts';
import { codeFrom } from './excerpt.ts';
import { figuresOf } from './figures.ts';
import { goalTable } from './goals.ts';
import type { BenchResults } from './results.ts';

const approved = ({ counts: { kinds, deployed } }: BenchResults) => {
  if (kinds.approved === undefined) throw new Error('The counts have no approved payment.');

  return billTable(kinds.approved, deployed);
};

/** Tables and diagrams, by placeholder. */
const blocksOf = (results: BenchResults): Readonly<Record<string, string>> => {
  const { load, counts, cold, model, gateway, conflict } = results;

  return {
    'before-diagram': beforeDiagram(results),
    'one-transaction-diagram': oneTransactionDiagram(results),
    'after-diagram': afterDiagram(results),
    'comparison-table': comparisonTable(results),
    'goal-table': goalTable(results),
    'conflict-table': conflictTable(conflict),
    'load-table': loadTable(load),
    'ratio-table': ratioTable(load),
    'limit-table': limitTable(load),
    'cpu-table': cpuTable(load),
    'gateway-table': gatewayTable(gateway),
    'count-table': countTable(counts),
    'bill-table': approved(results),
    'kind-table': kindTable(counts),
    'price-table': priceTable(),
    'function-table': functionTable(cold),
    'variant-table': variantTable(cold),
    'composition-table': compositionTable(cold),
    'model-table': modelTable(model),
    'input-table': inputTable(model),
    'need-table': needTable(model),
    'execution-table': executionTable(model),
    'region-table': regionTable(model),
    'quota-source-table': quotaSourceTable(),
  };
};

export const template = (): string =>
  readFileSync(fileURLToPath(new URL('./design-document.md', import.meta.url)), 'utf8');

/** `{{name}}` is a figure, a table or a diagram; `{{code path: first words}}` is an excerpt of a file. */
export const placeholder = /\{\{(?:code ([^:}]+): ([^}]+)|([^}]+))\}\}/g;

/** The document, with all placeholders replaced. Throws for an unknown one. */
export const designDocument = (results: BenchResults): string => {
  const known = { ...figuresOf(results), ...blocksOf(results) };

  return template().replaceAll(
    placeholder,
    (whole, path?: string, beginning?: string, name?: string) => {
      if (path && beginning) return codeFrom(path, beginning);
      const value = name === undefined ? undefined : known[name];
      if (value === undefined) throw new Error(`Unknown placeholder ${whole}.`);

      return value;
    },
  );
};
