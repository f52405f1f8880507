import type { Examine } from './classify-message.ts';
import { type Result, resultOf, type Station } from './redrive.ts';

/** One queue of dead letters as it is now. */
export interface Surveyed {
  readonly consumer: string;
  /** Roughly, as SQS counts. */
  readonly depth: number;
  /** ISO 8601, of the sample. */
  readonly oldestSentAt?: string;
  readonly sample: Omit<Result, 'outcome'>[];
}

/** Looks at every queue and takes nothing out: how many letters, since when, and what the first of them are. */
export const survey = (
  stations: readonly Station[],
  examine: Examine,
  most: number,
): Promise<readonly Surveyed[]> =>
  Promise.all(
    stations.map(async ({ consumer, letters }) => {
      const depth = await letters.depth();
      if (depth === 0) return { consumer, depth, sample: [] };
      const found = await letters.look(most);
      const examined = await Promise.all(found.map((letter) => examine(consumer, letter))).finally(
        () => letters.release(found),
      );
      const oldestSentAt = found.map(({ sentAt }) => sentAt).sort()[0];
      const sample = examined.map((one) => {
        const { outcome, ...rest } = resultOf(one, 'left');

        return rest;
      });

      return { consumer, depth, ...(oldestSentAt && { oldestSentAt }), sample };
    }),
  );
