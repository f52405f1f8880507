import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export interface Source {
  readonly path: string;
  readonly text: string;
  /** Paths from the root for the project's own files, names for packages. */
  readonly imports: readonly string[];
}

const importPattern =
  /^(?:import\s+|(?:import|export)\s[^;'"=()]*?\bfrom\s+)'([^']+)'|\bimport\('([^']+)'\)/gm;

const sourceOf = (path: string): Source => {
  const text = readFileSync(path, 'utf8');
  const imports = [...text.matchAll(importPattern)]
    .map(([, stated, called]) => stated ?? called ?? '')
    .map((name) => (name.startsWith('.') ? join(dirname(path), name) : name));

  return { path, text, imports };
};

export const sources = globSync('{cdk,dev,functions,shared,test}/**/*.{ts,mjs}').map(sourceOf);

export const below = (folder: string) =>
  sources.filter(({ path }) => path.startsWith(`${folder}/`));

/** Imports of these files that are not allowed. */
export const strayImports = (
  of: readonly Source[],
  allowed: (name: string, path: string) => boolean,
) =>
  of.flatMap(({ path, imports }) =>
    imports.filter((name) => !allowed(name, path)).map((name) => `${path} imports ${name}`),
  );

export const isWithin = (name: string, ...folders: readonly string[]) =>
  folders.some((folder) => name.startsWith(`${folder}/`));

export const isOwnFile = (name: string) =>
  isWithin(name, 'cdk', 'dev', 'functions', 'shared', 'test');

export const linesOf = (text: string) => text.trimEnd().split('\n').length;

/** The project's own files that a file loads at run time. */
export const loadedBy = ({ path, text }: Source) =>
  [...text.matchAll(/^import\s+(?!type\b)[^;]*?'(\.[^']+)'/gm)].map(([, name = '']) =>
    join(dirname(path), name),
  );
