/** A value and its version, the number of its writes. */
export interface VersionedDocument<Value> {
  readonly version: number;
  readonly value: Value;
}

/** The storage of the simulators: a map in a process, a table in a sandbox. */
export interface DocumentStore<Value> {
  read(id: string): Promise<VersionedDocument<Value> | undefined>;
  /** Optimistic lock: writes only over version `expected` (0: none yet); false on a version conflict. */
  write(id: string, value: Value, expected: number): Promise<boolean>;
  list(): Promise<Value[]>;
}

/** Updates one document; on a version conflict, reads it again and repeats the update. */
export const updateDocument = async <Value, Result>(
  store: DocumentStore<Value>,
  id: string,
  update: (stored: Value | undefined) => { readonly value: Value; readonly result: Result },
): Promise<Result> => {
  for (;;) {
    const stored = await store.read(id);
    const { value, result } = update(stored?.value);
    if (stored && value === stored.value) return result;
    if (await store.write(id, value, stored?.version ?? 0)) return result;
  }
};

/** Keeps the documents in the map. */
export const createMemoryStore = <Value>(
  stored = new Map<string, VersionedDocument<Value>>(),
): DocumentStore<Value> => ({
  read: async (id) => stored.get(id),
  write: async (id, value, expected) => {
    if ((stored.get(id)?.version ?? 0) !== expected) return false;
    stored.set(id, { version: expected + 1, value });

    return true;
  },
  list: async () => [...stored.values()].map(({ value }) => value),
});
