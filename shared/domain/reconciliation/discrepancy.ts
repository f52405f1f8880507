/** Whom or what the books are proved for. */
export interface Subject {
  readonly kind: 'buyer' | 'product' | 'order' | 'coupon' | 'payment' | 'charge';
  readonly id: string;
}

/** Something that is not as the payments make it. */
export interface Discrepancy extends Subject {
  /** The column, or what is said of it. */
  readonly check: string;
  readonly found: number | string;
  readonly expected: number | string;
  /** So much too much, or too little; of a state that is wrong, all that hangs on it. */
  readonly difference: number;
  /** Minor units of this currency (ISO 4217), or units of a product. */
  readonly unit: string;
}

/** What was found of one subject. */
export interface SubjectResult {
  readonly subject: Subject;
  /** All that it depends on stood still while it was read, so the readings belong together. */
  readonly isStable: boolean;
  readonly discrepancies: readonly Discrepancy[];
  /**
   * What is not as the payments make it, and no more than bookings that are recorded as skipped account for.
   */
  readonly explained?: readonly Discrepancy[];
}

/** What was found of a subject, as discrepancies or as explained. */
export const splitExplained = (isExplained: boolean, discrepancies: readonly Discrepancy[]) =>
  isExplained ? { discrepancies: [], explained: discrepancies } : { discrepancies: discrepancies };

/** Compares what was found of a subject with what it should be; nothing where they are the same. */
export const discrepanciesFor = (subject: Subject, unit: string) => ({
  count: (what: string, found: number, expected: number): Discrepancy[] =>
    found === expected
      ? []
      : [{ ...subject, check: what, found, expected, difference: found - expected, unit }],

  /** A state that must be one of those; `by` is what hangs on it. */
  state: (what: string, found: string, expected: readonly string[], by: number): Discrepancy[] =>
    expected.includes(found)
      ? []
      : [{ ...subject, check: what, found, expected: expected.join(' or '), difference: by, unit }],
});
