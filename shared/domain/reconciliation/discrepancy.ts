/** What is reconciled. */
export interface Subject {
  readonly kind: 'buyer' | 'product' | 'order' | 'coupon' | 'payment' | 'charge';
  readonly id: string;
}

/** A value that differs from the value that the payments require. */
export interface Discrepancy extends Subject {
  /** The column or property that was compared. */
  readonly check: string;
  readonly found: number | string;
  readonly expected: number | string;
  /** `found - expected`; for a text, the amount that depends on it. */
  readonly difference: number;
  /** Minor units of this currency (ISO 4217), or units of a product. */
  readonly unit: string;
}

/** The result for one subject. */
export interface SubjectResult {
  readonly subject: Subject;
  /** Whether everything it depends on was unchanged during the reads. Otherwise it was not compared. */
  readonly isStable: boolean;
  readonly discrepancies: readonly Discrepancy[];
  /** The discrepancies that recorded skipped bookings explain. */
  readonly explained?: readonly Discrepancy[];
}

/** Classifies discrepancies as open or explained. */
export const splitExplained = (isExplained: boolean, discrepancies: readonly Discrepancy[]) =>
  isExplained ? { discrepancies: [], explained: discrepancies } : { discrepancies };

export const sum = (numbers: readonly number[]): number =>
  numbers.reduce((total, number) => total + number, 0);

/** Creates the comparisons of one subject. Each returns a discrepancy, or nothing if the values agree. */
export const discrepanciesFor = (subject: Subject, unit: string) => ({
  count: (check: string, found: number, expected: number): Discrepancy[] =>
    found === expected
      ? []
      : [{ ...subject, check, found, expected, difference: found - expected, unit }],

  /** A text that must be one of the expected ones; `difference` is the amount that depends on it. */
  state: (
    check: string,
    found: string,
    expected: readonly string[],
    difference: number,
  ): Discrepancy[] =>
    expected.includes(found)
      ? []
      : [{ ...subject, check, found, expected: expected.join(' or '), difference, unit }],
});
