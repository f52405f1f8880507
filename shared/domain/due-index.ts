/**
 * The partitions of the due indexes. All are read. Their number only grows, because a stored item keeps its
 * partition.
 */
export const dueShards: readonly string[] = Array.from({ length: 64 }, (_, shard) => `${shard}`);

/**
 * Items are written to the first of them: the functions of the release before, which may run beside these or after a
 * roll back, read no others. The release after this one writes to all.
 */
export const writtenShards = 4;

/** The partition of an id. Spreads the writes of an index over the partitions that are written. */
export const dueShardOf = (id: string) =>
  String([...id].reduce((sum, character) => sum + character.charCodeAt(0), 0) % writtenShards);
