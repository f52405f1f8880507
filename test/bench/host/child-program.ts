import { once } from 'node:events';

interface ChildProgram<Ready> {
  readonly ready: Ready;
  readonly answers?: Readonly<Record<string, () => unknown>>;
}

/** Runs as a program of `startHost`: starts with the settings that it is sent, then answers questions until its starter is gone. */
export const runChildProgram = async <Settings, Ready extends object>(
  start: (settings: Settings) => Promise<ChildProgram<Ready>>,
): Promise<void> => {
  process.once('disconnect', () => process.exit());
  const [settings] = await once(process, 'message');
  const { ready, answers = {} } = await start(settings as Settings);
  process.on('message', async (question: string) => process.send?.(await answers[question]?.()));
  process.send?.(ready);
};
