/** One string of a JSON text: the name of a member, or a value. */
export interface JsonString {
  readonly text: string;
  readonly isName: boolean;
  /** The object has a member of this name already. */
  readonly isDuplicate: boolean;
  /** JSON Pointer of the value, or of the member that has the name. Called only for what is refused: it costs as much as the value is deep. */
  readonly pointer: () => string;
}

/** An object with the names that it has so far, or an array; `at` is the member or the element being read. */
interface Frame {
  readonly names?: Set<string>;
  at: string | number;
}

const token = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\],]/g;

/**
 * Visits each string of a text that JSON.parse has accepted, in order. JSON.parse keeps the last of several members of one name and
 * tells nothing of the others, so a reviver cannot see them. Names are compared as they read: "\u0061" is "a".
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

/** RFC 6901. */
export const toPointer = (path: readonly PropertyKey[]): string =>
  path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
