/** Ids of all that this test file has created or read: while files share a stack, each checks its own. */
const ownIds = new Set<string>();

export const addOwnId = <T>(id: T): T => {
  if (typeof id === 'string') ownIds.add(id);

  return id;
};

/** Whether a subject of a reconciliation belongs to this test file; a coupon is named by buyer and coupon. */
export const isOwn = ({ id }: { readonly id: string }): boolean =>
  ownIds.has(id) || ownIds.has(id.split('/')[0] ?? '');
