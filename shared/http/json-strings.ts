/** A string in a JSON text: a member name or a value. */
export interface JsonString {
  readonly text: string;
  readonly isName: boolean;
  /** Whether the object already has a member with this name. */
  readonly isDuplicate: boolean;
  /** Returns the JSON Pointer of the value or the member. Lazy, because most strings need none. */
  readonly pointer: () => string;
}

/** An open object with its member names so far, or an open array; `at` is the current member or index. */
interface Frame {
  readonly names?: Set<string>;
  at: string | number;
}

const token = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\],]/g;

/**
 * Visits every string of a valid JSON text in order, duplicate members included: JSON.parse keeps only the
 * last of them, so a reviver cannot see the others. Names are compared unescaped: "\u0061" is "a".
 */
export const visitStrings = (json: string, visit: (found: JsonString) => void): void => {
  const frames: Frame[] = [];
  let isNameNext = false;

  for (const [text] of json.matchAll(token)) {
    const frame = frames.at(-1);
    if (text === '{') {
      frames.push({ names: new Set(), at: '' });
      isNameNext = true;
    } else if (text === '[') {
      frames.push({ at: 0 });
      isNameNext = false;
    } else if (text === ',') {
      if (typeof frame?.at === 'number') frame.at += 1;
      isNameNext = frame?.names !== undefined;
    } else if (text === '}' || text === ']') {
      frames.pop();
      isNameNext = false;
    } else {
      const string: string = JSON.parse(text);
      const isName = isNameNext && frame?.names !== undefined;
      const isDuplicate = isName && frame.names?.has(string) === true;
      if (isName) {
        frame.names?.add(string);
        frame.at = string;
      }
      isNameNext = false;
      visit({
        text: string,
        isName,
        isDuplicate,
        pointer: () => toPointer(frames.map(({ at }) => at)),
      });
    }
  }
};

/** A path as JSON Pointer (RFC 6901). */
export const toPointer = (path: readonly PropertyKey[]): string =>
  path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
