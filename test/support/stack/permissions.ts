import { type Permission, revokePermission } from '../../../dev/faults/permissions.ts';
import { stack } from './aws-clients.ts';

/** Runs `work` while a function's role lacks one permission. */
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
