import { Listr } from 'listr2';

/** Shows one line of detail within a step. */
export type ReportProgress = (line: string) => void;

/** Runs a step under a title; shows that it is running, how it ended and how long it took. */
export type Progress = <T>(
  title: string,
  work: (report: ReportProgress) => Promise<T>,
) => Promise<T>;

const elapsed = (startedAt: number) => `${((Date.now() - startedAt) / 1_000).toFixed(1)} s`;

/** Prints lines, for logs and pipes. */
export const plainProgress: Progress = async (title, work) => {
  const startedAt = Date.now();
  console.log(`${title} ...`);
  try {
    const result = await work((line) => console.log(`  ${line}`));
    console.log(`  done in ${elapsed(startedAt)}`);
    return result;
  } catch (error) {
    console.log(`  failed after ${elapsed(startedAt)}`);
    throw error;
  }
};

/** Shows a spinner, for a terminal. */
const listrProgress: Progress = async <T>(
  title: string,
  work: (report: ReportProgress) => Promise<T>,
): Promise<T> => {
  const startedAt = Date.now();
  const context: { result?: T } = {};
  const tasks = new Listr<typeof context>(
    {
      title,
      task: async (_, task) => {
        context.result = await work((line) => {
          task.output = line;
        });
        task.title = `${title}: ${elapsed(startedAt)}`;
      },
      rendererOptions: { outputBar: Number.POSITIVE_INFINITY, persistentOutput: true },
    },
    { rendererOptions: { showErrorMessage: false }, registerSignalListeners: false },
  );
  await tasks.run(context);

  return context.result as T;
};

export const progressFor = ({ isTTY }: NodeJS.WriteStream): Progress =>
  isTTY ? listrProgress : plainProgress;
