/** Spread the index of due payments over a few partitions. */
export const dueShards = ['0', '1', '2', '3'];

export const dueShardOf = (id: string) =>
  String([...id].reduce((sum, letter) => sum + letter.charCodeAt(0), 0) % dueShards.length);
