/** The same value as a later version might publish it: each object has a field that this version does not know. */
export const withUnknownFields = <T>(value: T): T => addUnknownFields(value) as T;

const addUnknownFields = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(addUnknownFields);
  if (value === null || typeof value !== 'object') return value;

  return {
    ...Object.fromEntries(
      Object.entries(value).map(([name, field]) => [name, addUnknownFields(field)]),
    ),
    fieldOfNextVersion: { note: 'unknown', units: 1 },
  };
};
