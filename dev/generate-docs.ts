import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from './cli/paths.ts';
import { generatedDocs } from './docs/generated.ts';

/** Writes what docs/ says in the words of the code. A test fails while it is not up to date. */
for (const [path, text] of generatedDocs()) {
  const file = join(root, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
