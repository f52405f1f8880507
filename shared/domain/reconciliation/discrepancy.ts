/** Whom or what the books are proved for. */
export interface Subject {
  readonly kind: 'buyer' | 'product' | 'order' | 'coupon' | 'payment' | 'charge';
  readonly id: string;
}

/** Something that is not as the payments make it. */
export interface Disagreement extends Subject {
  /** The column, or what is said of it. */
  readonly what: string;
  readonly found: number | string;
  readonly expected: number | string;
  /** So much too much, or too little; of a state that is wrong, all that hangs on it. */
  readonly by: number;
  /** Minor units of this currency (ISO 4217), or units of a product. */
  readonly unit: string;
}

/** What was found of one subject. */
export interface Finding {
  readonly subject: Subject;
  /** All that it depends on stood still while it was read, so the readings belong together. */
  readonly isStill: boolean;
  readonly disagreements: readonly Disagreement[];
  /** What is not as the payments make it, and no more than bookings that are recorded as skipped account for. */
  readonly explained?: readonly Disagreement[];
}

/** What was found of a subject, as disagreements or as explained. */
export const explainedIf = (isExplained: boolean, found: readonly Disagreement[]) =>
  isExplained ? { disagreements: [], explained: found } : { disagreements: found };

/** Compares what was found of a subject with what it should be; nothing where they are the same. */
export const comparing = (subject: Subject, unit: string) => ({
  count: (what: string, found: number, expected: number): Disagreement[] =>
    found === expected ? [] : [{ ...subject, what, found, expected, by: found - expected, unit }],

  /** A state that must be one of those; `by` is what hangs on it. */
  state: (what: string, found: string, expected: readonly string[], by: number): Disagreement[] =>
    expected.includes(found)
      ? []
      : [{ ...subject, what, found, expected: expected.join(' or '), by, unit }],
});
