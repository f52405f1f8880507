import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../cli/paths.ts';

const indentOf = (line: string) => line.length - line.trimStart().length;

/** A statement or member from the line that begins so to its last one, less its indentation. */
export const excerptOf = (source: string, beginning: string): string => {
  const lines = source.split('\n');
  const first = lines.findIndex((line) => line.trimStart().startsWith(beginning));
  const opening = lines[first];
  if (opening === undefined) throw new Error(`There is no "${beginning}".`);
  const indent = indentOf(opening);
  const after = lines.slice(first + 1);
  // What stands no deeper belongs to it only if it closes one of its brackets.
  const next = after.findIndex(
    (line) =>
      line !== '' &&
      (indentOf(line) < indent || (indentOf(line) === indent && !/^[)\]}]/.test(line.trimStart()))),
  );

  return [opening, ...(next < 0 ? after : after.slice(0, next))]
    .map((line) => line.slice(indent))
    .join('\n')
    .trimEnd();
};

/** The code as it stands in the repository, with a link to where it stands. */
export const codeFrom = (path: string, beginning: string): string =>
  [
    `[${path}](../${path}):`,
    '',
    '```ts',
    excerptOf(readFileSync(join(root, path), 'utf8'), beginning),
    '```',
  ].join('\n');
