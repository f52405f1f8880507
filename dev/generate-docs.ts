import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from './cli/paths.ts';
import { generatedDocs } from './docs/generated.ts';

/** Writes the generated files and sections of docs/. A test fails while they are out of date. */
for (const [path, text] of generatedDocs()) {
  const file = join(root, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
