import { describe, expect, it } from 'vitest';
import { commandsOf, type Drill } from '../../../../dev/game-days/drill.ts';
import { drills } from '../../../../dev/game-days/drills.ts';
import { commandEnvironment, splitArguments } from '../../../../dev/game-days/shell-command.ts';
import { readGameDays, runbookSection, shellLines } from '../../../support/runbook.ts';

const gameDayPages = readGameDays();
const gameDayOf = ({ name }: Drill) => {
  const day = gameDayPages.find((one) => one.name === name);
  if (day === undefined) throw new Error(`The runbook has no game day ${name}.`);

  return day;
};

/** Matches a command; a placeholder of the runbook matches a word or a part of one. */
const asPattern = (command: string) =>
  new RegExp(
    `^${command
      .split(/<\w+>|(?<=rev_)\.\.\./)
      .map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'))
      .join('[^"]+?')}$`,
  );

const stepsOf = ({ faultSteps, observations, recoverySteps }: Drill) =>
  [...faultSteps, ...observations, ...recoverySteps].flatMap((step) =>
    'description' in step ? [step.description] : [],
  );

it('has the game days of the runbook, in its order', () => {
  expect(drills.map(({ name }) => name)).toEqual(gameDayPages.map(({ name }) => name));
});

describe.each(drills)('the drill $name', (drill) => {
  const { printed, text } = gameDayOf(drill);
  const lines = printed.map((line) => line.trim());
  const lineAfter = (mark: string) =>
    lines.filter((line) => line.startsWith(mark)).map((line) => line.slice(mark.length));

  it('is printed in the runbook with its fault and exactly its steps', () => {
    const printedSteps = printed
      .filter((line) => /^ {2}[A-Z]/.test(line) && !line.includes(' fires: '))
      .map((line) => line.trim());

    expect(lines[1]).toBe(`${drill.name}: ${drill.fault}`);
    expect(printedSteps).toEqual(stepsOf(drill));
  });

  it('expects the alarms that the runbook prints and links to', () => {
    const linked = [...text.matchAll(/^Alarms: (.+)$/gm)].flatMap(([, links = '']) =>
      [...links.matchAll(/\[([^\]]+)\]\(#/g)].map(([, heading]) => heading),
    );

    const headings = drill.expectedAlarms.map(({ heading }) => heading);
    expect(lines.filter((line) => line.includes(' fires: '))).toEqual(
      drill.expectedAlarms.map(({ alarm, heading }) => `${alarm} fires: ${heading}`),
    );
    expect(linked).toEqual(headings);
    for (const heading of headings) expect(runbookSection(heading)).toContain('**Do.**');
  });

  it('runs exactly the commands that the runbook prints', () => {
    const patterns = commandsOf(drill).map(({ command }) => asPattern(command));
    const shown = lineAfter('$ ').filter((line) => !line.startsWith('npm run game-day'));

    for (const line of shown)
      expect(
        patterns.filter((pattern) => pattern.test(line)),
        line,
      ).toHaveLength(1);
    for (const pattern of patterns)
      expect(
        shown.filter((line) => pattern.test(line)),
        `${pattern}`,
      ).not.toEqual([]);
  });

  it.each(commandsOf(drill))(
    'has the command "$command" under "$heading" in the runbook',
    ({ command, heading }) => {
      expect(shellLines(runbookSection(heading))).toContain(command);
    },
  );
});

it('splits a line like a shell', () => {
  const line = `curl -s "$API/x" -H "a: $(out Name)" -d '{"b":"$API c"}' --reason="d e"`;
  const known: Record<string, string> = { API: 'http://api', Name: 'n' };

  expect(splitArguments(line, (name) => known[name])).toEqual([
    'curl',
    '-s',
    'http://api/x',
    '-H',
    'a: n',
    '-d',
    '{"b":"$API c"}',
    '--reason=d e',
  ]);
  expect(() => splitArguments('echo $NOBODY', () => undefined)).toThrow('$NOBODY');
});

it('calls the stack of the drill even if the terminal is set up for a stage', () => {
  const stage = { PATH: '/bin', API_URL: 'https://production', TOKEN: 't', AFTERCOMMIT_STACK: 'x' };

  expect(commandEnvironment('stack.json', stage)).toEqual({
    PATH: '/bin',
    AFTERCOMMIT_STACK: 'stack.json',
  });
});
