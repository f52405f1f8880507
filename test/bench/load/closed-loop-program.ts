import { runChildProgram } from '../host/child-program.ts';
import { runClosedLoop } from './closed-loop.ts';

/** The lighter load generator, in a process of its own. It is ready when the load has ended. */
await runChildProgram(async (settings: Parameters<typeof runClosedLoop>[0]) => ({
  ready: await runClosedLoop(settings),
}));
