export interface ColumnOptions {
  /** Aligns every column except the first to the right, for tables of numbers. */
  readonly numbersRight?: boolean;
}

/** Aligns text in columns. Each column is as wide as its widest cell. */
export const alignColumns = (
  rows: readonly (readonly string[])[],
  { numbersRight = false }: ColumnOptions = {},
): string => {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  const pad = (cell: string, column: number) =>
    numbersRight && column > 0
      ? cell.padStart(widths[column] ?? 0)
      : cell.padEnd(widths[column] ?? 0);

  return rows.map((row) => row.map(pad).join('  ').trimEnd()).join('\n');
};

/** Indents every line by two spaces. */
export const indent = (text: string): string => text.replace(/^/gm, '  ');
