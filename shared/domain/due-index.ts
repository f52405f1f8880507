/**
 * The partitions of the due indexes. Their number only grows, because a stored item keeps its partition. A release that adds
 * partitions only reads them, and the one after it writes them: the functions of both run side by side during an update.
 */
export const dueShards: readonly string[] = Array.from({ length: 64 }, (_, shard) => `${shard}`);

/** The partition of an id. Spreads the writes of an index over all partitions. */
export const dueShardOf = (id: string) =>
  String([...id].reduce((sum, character) => sum + character.charCodeAt(0), 0) % dueShards.length);
