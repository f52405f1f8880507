/** Repeated measurements as one: median, minimum and maximum. */
export interface Spread {
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

export const spreadOf = (numbers: readonly number[]): Spread => {
  if (numbers.length === 0) throw new Error('There are no measurements.');
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const upper = sorted[Math.floor(middle)] as number;
  const lower = sorted[Math.ceil(middle) - 1] as number;

  return {
    median: (lower + upper) / 2,
    least: sorted[0] as number,
    most: sorted.at(-1) as number,
  };
};

export const sum = (numbers: readonly number[]): number =>
  numbers.reduce((total, number) => total + number, 0);
