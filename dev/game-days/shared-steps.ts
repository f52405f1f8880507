import type { Act, Command } from './drill.ts';
import { backlog, lasting, oldest } from './probes.ts';

/** What more than one drill does, or looks at. */
export const staysSo: Act = { says: 'It stays so.', does: lasting };

export const whoWaits: Act = {
  says: 'Who waits for a final word:',
  does: async (scene) => scene.say(`  ${await oldest(scene)}`),
};

export const whatStands: Act = {
  says: 'What stands still, as measured for the alarms:',
  does: async (scene) => scene.say(`  ${await backlog(scene)}`),
};

export const deadLetters: Command = {
  runs: 'npm run ops -- dead-letters',
  under: 'Where to look',
};
