/** The partitions of the due indexes. */
export const dueShards = ['0', '1', '2', '3'];

/** The partition of an id. Spreads the writes of an index over all partitions. */
export const dueShardOf = (id: string) =>
  String([...id].reduce((sum, character) => sum + character.charCodeAt(0), 0) % dueShards.length);
