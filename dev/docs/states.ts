import { table } from '../cli/markdown.ts';

/** A transition table of a payment or a refund. */
type Transitions = Readonly<
  Record<
    string,
    {
      readonly from: readonly string[];
      readonly to: string;
      readonly description: string;
      readonly event?: string;
    }
  >
>;

/** A transition table as a Mermaid diagram. */
export const stateDiagram = (transitions: Transitions): string =>
  [
    '```mermaid',
    'stateDiagram-v2',
    ...Object.entries(transitions).flatMap(([name, { from, to }]) =>
      (from.length > 0 ? from : ['[*]']).map((state) => `    ${state} --> ${to}: ${name}`),
    ),
    ...finalStates(Object.values(transitions)).map((state) => `    ${state} --> [*]`),
    '```',
  ].join('\n');

/** The states without a transition to another state. */
const finalStates = (rows: readonly Transitions[string][]) => {
  const left = new Set(rows.flatMap(({ from, to }) => from.filter((state) => state !== to)));

  return [...new Set(rows.map(({ to }) => to))].filter((state) => !left.has(state));
};

export const transitionTable = (transitions: Transitions): string =>
  table(
    ['transition', 'from', 'to', 'description', 'event'],
    Object.entries(transitions).map(([name, { from, to, description, event }]) => [
      name,
      from.join(', ') || '(none)',
      to,
      description,
      event ?? '',
    ]),
  );
