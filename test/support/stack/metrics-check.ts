import { afterAll, beforeAll, expect } from 'vitest';
import { isOfCatalogue, metricsIn } from '../emf.ts';
import { logText } from './stack-log.ts';

let before = 0;

beforeAll(() => {
  before = logText().length;
});

// For each file of the suite: the local AWS takes no metrics out of a log, so what CloudWatch would not find there is found here.
afterAll(() => {
  const whole = logText().slice(before).split('\n').slice(0, -1);
  const measured = whole.filter((line) => line.startsWith('{') && line.includes('"_aws"'));

  const strays = measured
    .flatMap((line) => metricsIn(JSON.parse(line)))
    .filter((metric) => !isOfCatalogue(metric));
  expect(strays).toEqual([]);
});
