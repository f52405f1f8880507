import { readFileSync } from 'node:fs';

const runbook = readFileSync('docs/runbook.md', 'utf8');

/** The text of a runbook section. */
export const runbookSection = (heading: string): string => {
  const [, ...sections] = runbook.split(/^## /m);

  return sections.find((text) => text.startsWith(`${heading}\n`)) ?? '';
};

/** The shell commands of a section: continuation lines joined, comments removed. */
export const shellLines = (section: string): string[] =>
  [...section.matchAll(/^```sh\n(.*?)^```/gms)].flatMap(([, block = '']) =>
    block
      .replaceAll(/ \\\n\s+/g, ' ')
      .split('\n')
      .map((line) => line.replace(/\s+# .*$/, '')),
  );

/** A game day in the runbook: its text and its printed lines. */
export interface GameDay {
  readonly name: string;
  readonly text: string;
  readonly printed: readonly string[];
}

/** Runbook order. */
export const readGameDays = (): GameDay[] =>
  runbookSection('Game days')
    .split(/^### /m)
    .slice(1)
    .map((text) => {
      const [, block = ''] = /^```text\n(.*?)^```/ms.exec(text) ?? [];

      return { name: text.split('\n', 1)[0] ?? '', text, printed: block.split('\n') };
    });

/** A line without ids, numbers and column widths, which differ between runs. */
export const normalizeLine = (line: string): string =>
  line
    .replaceAll(/\b(pay|rev)_\w+/g, '$1_#')
    .replaceAll(/\b[0-9a-f]{8}-[0-9a-f-]{27}\b/g, '#')
    .replaceAll(/aftercommit-local-service-\w+/g, '#')
    .replaceAll(/\S+\/backup\/\S+/g, '#')
    .replaceAll(/, the oldest for \d+ s/g, '')
    .replaceAll(/\d[\d,.]*/g, '#')
    .replaceAll(/\s+/g, ' ')
    .trim();

/** Lines printed during a wait differ between runs. */
export const isProgressLine = (line: string): boolean => /^\s+[\d.]+ s: /.test(line);
