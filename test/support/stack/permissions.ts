import { type Privilege, withhold } from '../../../dev/faults/permissions.ts';
import { stack } from './aws-clients.ts';

/** Does the work while a function's role may not do one thing that it may do otherwise. */
export const without = async <T>(
  folder: string,
  privilege: Privilege,
  work: () => Promise<T>,
): Promise<T> => {
  const giveBack = await withhold(stack, folder, privilege);
  try {
    return await work();
  } finally {
    await giveBack();
  }
};
