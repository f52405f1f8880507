// @vitest-environment jsdom
import { globSync, readFileSync } from 'node:fs';
import mermaid from 'mermaid';
import { describe, expect, it } from 'vitest';

/** Every diagram of every page, by where it begins. */
const diagrams = ['README.md', ...globSync('docs/**/*.md')].flatMap((page) => {
  const text = readFileSync(page, 'utf8');

  return [...text.matchAll(/^```mermaid\n(.*?)^```$/gms)].map(({ 1: diagram = '', index }) => ({
    at: `${page}:${text.slice(0, index).split('\n').length}`,
    diagram,
  }));
});

describe('the diagrams', () => {
  it.each(diagrams)('$at can be drawn', async ({ diagram }) => {
    await expect(mermaid.parse(diagram)).resolves.toHaveProperty('diagramType');
  });

  it('are all found', () => {
    const fences = ['README.md', ...globSync('docs/**/*.md')].flatMap(
      (page) => readFileSync(page, 'utf8').match(/```mermaid/g) ?? [],
    );

    expect(diagrams).toHaveLength(fences.length);
  });

  it('are read by a parser that knows a mistake', async () => {
    await expect(mermaid.parse('sequenceDiagram\n  A->>: nobody')).rejects.toThrow('Parse error');
  });
});
