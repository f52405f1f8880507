import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../cli/paths.ts';

const indentOf = (line: string) => line.length - line.trimStart().length;

/** Returns the statement or member that begins with the given text, without its indentation. Throws if it is not found. */
export const excerptOf = (source: string, beginning: string): string => {
  const lines = source.split('\n');
  const first = lines.findIndex((line) => line.trimStart().startsWith(beginning));
  const opening = lines[first];
  if (opening === undefined) throw new Error(`No line begins with "${beginning}".`);
  const indent = indentOf(opening);
  const after = lines.slice(first + 1);
  // A line of the same depth belongs to the statement only if it closes a bracket.
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

/** An excerpt of the code with a link to its file. */
export const codeFrom = (path: string, beginning: string): string =>
  [
    `[${path}](../${path}):`,
    '',
    '```ts',
    excerptOf(readFileSync(join(root, path), 'utf8'), beginning),
    '```',
  ].join('\n');
