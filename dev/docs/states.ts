import { transitions } from '../../shared/domain/transitions.ts';
import { table } from './markdown.ts';

const rows = Object.entries(transitions).map(([name, transition]) => ({
  name,
  event: undefined,
  ...transition,
}));

/** The transition table as a Mermaid diagram. */
export const stateDiagram = (): string =>
  [
    '```mermaid',
    'stateDiagram-v2',
    ...rows.flatMap(({ name, from, to }) =>
      (from.length > 0 ? from : ['[*]']).map((state) => `    ${state} --> ${to}: ${name}`),
    ),
    ...finalStates().map((state) => `    ${state} --> [*]`),
    '```',
  ].join('\n');

/** Where no transition leads on. */
const finalStates = () => {
  const left = new Set<string>(rows.flatMap(({ from }) => from));

  return [...new Set(rows.map(({ to }) => to))].filter((state) => !left.has(state));
};

export const transitionTable = (): string =>
  table(
    ['transition', 'from', 'to', 'when', 'event'],
    rows.map(({ name, from, to, when, event }) => [
      name,
      from.join(', ') || '(none)',
      to,
      when,
      event ?? '',
    ]),
  );
