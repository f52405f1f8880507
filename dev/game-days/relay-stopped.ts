import { stopRelay } from '../faults/relay.ts';
import type { Drill } from './drill.ts';
import type { Scene } from './drill-context.ts';
import { deadLetters, staysSo, whoWaits } from './shared-steps.ts';

interface Listed {
  readonly EventSourceMappings: readonly {
    readonly UUID: string;
    readonly EventSourceArn: string;
    readonly State: string;
  }[];
}

const entry = 'Relay behind the tables';

/** Which table's changes the relay is told of, and which not; those that are stopped are noted. */
const mappings = (output: string, { shell, notes }: Scene): string => {
  const { EventSourceMappings: listed } = JSON.parse(output) as Listed;
  const stopped = listed.filter(({ State }) => State !== 'Enabled');
  notes.set(
    'stopped',
    stopped.map(({ UUID }) => UUID),
  );
  const tables = Object.entries(shell.stack.tables);

  return listed
    .map(({ EventSourceArn, State }) => {
      const [table = EventSourceArn] =
        tables.find(([, name]) => EventSourceArn.includes(`table/${name}/`)) ?? [];

      return `${table}: ${State}`;
    })
    .sort()
    .join('\n');
};

export const relayStopped: Drill = {
  name: 'relay-stopped',
  fault: 'the relay is told of no change, because its event source mappings are disabled.',
  lasts: { really: 'ten minutes', minutes: 10, seconds: 20 },
  breaks: [
    {
      says: 'The mappings are disabled.',
      does: async ({ shell, mendsBy }) => mendsBy(await stopRelay(shell.stack)),
    },
    {
      says: 'Three payments are accepted, and nobody hears of them.',
      does: (scene) => Promise.all([scene.pay(), scene.pay(), scene.pay()]),
    },
    staysSo,
  ],
  sees: [
    whoWaits,
    deadLetters,
    {
      runs: `aws lambda list-event-source-mappings --function-name "$(out FunctionRelayChanges)" --output table --query 'EventSourceMappings[].[UUID,EventSourceArn,State,LastProcessingResult]'`,
      under: entry,
      shows: mappings,
    },
  ],
  rings: [
    // Not the relay's own alarm: its age is measured when it is called.
    { alarm: 'SweepOverdueAlarm', heading: 'Payments overdue' },
    { alarm: 'PromisesDecidedInTime', heading: 'Final word comes late' },
  ],
  recovers: [
    {
      runs: 'aws lambda update-event-source-mapping --uuid <UUID> --enabled',
      under: entry,
      with: ({ notes }) => (notes.get('stopped') ?? []).map((uuid) => ({ '<UUID>': uuid })),
      shows: (output) => (JSON.parse(output) as { State: string }).State,
    },
  ],
};
