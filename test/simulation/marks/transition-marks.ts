import type { ItemWrite } from '../aws/dynamodb/memory-dynamodb.ts';
import { type TransitionRow, transitionTables } from '../checks/transitions.ts';

const markOf = (table: string, name: string, from: string | undefined): string =>
  `transition: ${table} ${name}${from === undefined ? '' : ` from ${from}`}`;

/** A mark for each step and status from which it starts. */
export const transitionUniverse = (): readonly string[] =>
  Object.entries(transitionTables).flatMap(([table, { rows }]) =>
    rows.flatMap(({ name, from }) =>
      (from.length === 0 ? [undefined] : from).map((status) => markOf(table, name, status)),
    ),
  );

/** Steps of a completed payment keep its status: the amount set aside for refunds distinguishes them. */
const refundStepOf = ({ before, after }: ItemWrite): string => {
  const pendingOf = (item: ItemWrite['before']) => Number(item?.refundPending ?? 0);
  if (pendingOf(after) > pendingOf(before)) return 'refundRequested';

  return Number(after?.refunded ?? 0) > Number(before?.refunded ?? 0)
    ? 'refundSettled'
    : 'refundFailed';
};

/** The mark of the step that a write makes; undefined for a write that is not a step. */
export const transitionMarkOf = (write: ItemWrite): string | undefined => {
  const { table, before, after } = write;
  const rows = transitionTables[table]?.rows;
  if (rows === undefined || after === undefined || before?.version === after.version)
    return undefined;
  const from = before?.status as string | undefined;
  const isStep = (row: TransitionRow) =>
    row.to === after.status &&
    (from === undefined ? row.from.length === 0 : row.from.includes(from));
  const matching = rows.filter(isStep);
  const [row] =
    matching.length > 1 ? matching.filter(({ name }) => name === refundStepOf(write)) : matching;

  return row && markOf(table, row.name, from);
};
