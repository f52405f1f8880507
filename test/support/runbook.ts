import { readFileSync } from 'node:fs';

const runbook = readFileSync('docs/runbook.md', 'utf8');

/** The text under a heading of the runbook, up to the next one. */
export const runbookSection = (heading: string): string => {
  const [, ...sections] = runbook.split(/^## /m);

  return sections.find((text) => text.startsWith(`${heading}\n`)) ?? '';
};

/** Every line of a section's blocks of shell, one that goes on below in one piece, without what is remarked beside it. */
export const shellLines = (section: string): string[] =>
  [...section.matchAll(/^```sh\n(.*?)^```/gms)].flatMap(([, block = '']) =>
    block
      .replaceAll(/ \\\n\s+/g, ' ')
      .split('\n')
      .map((line) => line.replace(/\s+# .*$/, '')),
  );

/** A drill as the runbook tells it: its text, and what it prints. */
export interface GameDay {
  readonly name: string;
  readonly text: string;
  readonly printed: readonly string[];
}

/** In the order of the runbook. */
export const readGameDays = (): GameDay[] =>
  runbookSection('Game days')
    .split(/^### /m)
    .slice(1)
    .map((text) => {
      const [, block = ''] = /^```text\n(.*?)^```/ms.exec(text) ?? [];

      return { name: text.split('\n', 1)[0] ?? '', text, printed: block.split('\n') };
    });

/** A line without what differs from one run to the next: ids, numbers, and how far the columns of a table are apart. */
export const normalizeLine = (line: string): string =>
  line
    .replaceAll(/\b(pay|rev)_\w+/g, '$1_#')
    .replaceAll(/\b[0-9a-f]{8}-[0-9a-f-]{27}\b/g, '#')
    .replaceAll(/aftercommit-local-service-\w+/g, '#')
    .replaceAll(/, the oldest for \d+ s/g, '')
    .replaceAll(/\d[\d,.]*/g, '#')
    .replaceAll(/\s+/g, ' ')
    .trim();

/** What is seen while a drill waits is another thing each time. */
export const isProgressLine = (line: string): boolean => /^\s+[\d.]+ s: /.test(line);
