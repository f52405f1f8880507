import { logger } from '../../shared/observability/logger.ts';

const isLogLine = (text: unknown): text is string =>
  typeof text === 'string' && text.startsWith('{"level":');

/** Puts the log lines of a stream into the list. Everything else is written as before. */
const divert = (stream: NodeJS.WriteStream, lines: string[]): (() => void) => {
  const write = stream.write;
  stream.write = ((text: unknown, ...rest: []) => {
    if (!isLogLine(text)) return Reflect.apply(write, stream, [text, ...rest]);
    lines.push(text);

    return true;
  }) as typeof write;

  return () => {
    stream.write = write;
  };
};

/** Collects the log lines of all functions, from level INFO on. Returns how to end it. */
export const collectLogLines = (lines: string[]): (() => void) => {
  const level = logger.getLevelName();
  const ends = [process.stdout, process.stderr].map((stream) => divert(stream, lines));
  logger.setLogLevel('INFO');

  return () => {
    logger.setLogLevel(level);
    for (const end of ends) end();
  };
};
