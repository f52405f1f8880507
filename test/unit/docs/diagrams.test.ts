// @vitest-environment jsdom
import { globSync, readFileSync } from 'node:fs';
import mermaid from 'mermaid';
import { describe, expect, it } from 'vitest';

/** The diagrams of all pages, with page and line. */
const diagrams = ['README.md', ...globSync('docs/**/*.md')].flatMap((page) => {
  const text = readFileSync(page, 'utf8');

  return [...text.matchAll(/^```mermaid\n(.*?)^```$/gms)].map(({ 1: diagram = '', index }) => ({
    at: `${page}:${text.slice(0, index).split('\n').length}`,
    diagram,
  }));
});

describe('the diagrams', () => {
  it.each(diagrams)('$at is a valid diagram', async ({ diagram }) => {
    await expect(mermaid.parse(diagram)).resolves.toHaveProperty('diagramType');
  });

  it('includes every fenced diagram', () => {
    const fences = ['README.md', ...globSync('docs/**/*.md')].flatMap(
      (page) => readFileSync(page, 'utf8').match(/```mermaid/g) ?? [],
    );

    expect(diagrams).toHaveLength(fences.length);
  });

  it('uses a parser that rejects an invalid diagram', async () => {
    await expect(mermaid.parse('sequenceDiagram\n  A->>: invalid')).rejects.toThrow('Parse error');
  });
});
