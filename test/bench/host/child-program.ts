import { once } from 'node:events';

interface ChildProgram<Ready> {
  readonly ready: Ready;
  readonly answers?: Readonly<Record<string, () => unknown>>;
}

/**
 * Runs as a child program: starts with the settings that it receives, then answers messages until its parent
 * exits.
 */
export const runChildProgram = async <Settings, Ready extends object>(
  start: (settings: Settings) => Promise<ChildProgram<Ready>>,
): Promise<void> => {
  process.once('disconnect', () => process.exit());
  const [settings] = await once(process, 'message');
  const { ready, answers = {} } = await start(settings as Settings);
  process.on('message', async (message: string) => process.send?.(await answers[message]?.()));
  process.send?.(ready);
};
