import { type Permission, revokePermission } from '../../../dev/faults/permissions.ts';
import { stack } from './aws-clients.ts';

/** Does the work while a function's role may not do one thing that it may do otherwise. */
export const withoutPermission = async <T>(
  folder: string,
  privilege: Permission,
  work: () => Promise<T>,
): Promise<T> => {
  const restore = await revokePermission(stack, folder, privilege);
  try {
    return await work();
  } finally {
    await restore();
  }
};
