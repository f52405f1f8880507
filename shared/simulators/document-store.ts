/** A value and the number of writes that made it. */
export interface VersionedDocument<Value> {
  readonly version: number;
  readonly value: Value;
}

/** Where the stand-ins keep what they know: a map in a process, a table in a sandbox. */
export interface DocumentStore<Value> {
  read(id: string): Promise<VersionedDocument<Value> | undefined>;
  /** Writes only over `expected` (0: nothing there yet); false when another write came first. */
  write(id: string, value: Value, expected: number): Promise<boolean>;
  list(): Promise<Value[]>;
}

/** Changes one document as if nobody else did: who loses the race works again on what the winner left. */
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

export const createMemoryStore = <Value>(): DocumentStore<Value> => {
  const stored = new Map<string, VersionedDocument<Value>>();

  return {
    read: async (id) => stored.get(id),
    write: async (id, value, expected) => {
      if ((stored.get(id)?.version ?? 0) !== expected) return false;
      stored.set(id, { version: expected + 1, value });

      return true;
    },
    list: async () => [...stored.values()].map(({ value }) => value),
  };
};
