import { afterAll, beforeAll, expect } from 'vitest';
import { extractMetrics, isInCatalogue } from '../emf.ts';
import { readStackLog } from './stack-log.ts';

let before = 0;

beforeAll(() => {
  before = readStackLog().length;
});

// Registered for each file: the local AWS does not extract metrics from logs, so this check reads them as CloudWatch does.
afterAll(() => {
  const lines = readStackLog().slice(before).split('\n').slice(0, -1);
  // The functions' own lines. The local AWS writes others.
  const written = lines
    .filter((line) => /^\{"(?:level|_aws)":/.test(line))
    .map((line) => JSON.parse(line));

  const unknownMetrics = written.flatMap(extractMetrics).filter((metric) => !isInCatalogue(metric));
  expect(unknownMetrics).toEqual([]);
  expect(written.filter(({ requestId }) => requestId === undefined)).toEqual([]);
});
