import type { BacklogItem } from '../domain/payments/backlog.ts';
import type { ReviewPosition, ReviewRepository } from './review-repository.ts';

const pageSize = 100;
/** Beyond a thousand, the exact number no longer matters. */
const maxPages = 10;

/** What waits for a person, the longest open first, as the index of the reviews has it: a moment behind the table. */
export const createReviewBacklogReader =
  ({ page }: Pick<ReviewRepository, 'page'>) =>
  async (): Promise<readonly BacklogItem[]> => {
    const found: BacklogItem[] = [];
    let after: ReviewPosition | undefined;
    for (let pages = 0; pages < maxPages; pages += 1) {
      const { items, next } = await page({ status: 'OPEN', by: 'age', limit: pageSize, after });
      found.push(
        ...items.map(({ amountAtRisk, currency, openedAt }) => ({
          status: 'IN_REVIEW' as const,
          amount: amountAtRisk,
          currency,
          createdAt: openedAt,
        })),
      );
      after = next;
      if (after === undefined) break;
    }

    return found;
  };
