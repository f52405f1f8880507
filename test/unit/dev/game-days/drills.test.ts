import { describe, expect, it } from 'vitest';
import { commandsOf, type Drill } from '../../../../dev/game-days/drill.ts';
import { drills } from '../../../../dev/game-days/drills.ts';
import { environmentOf, wordsOf } from '../../../../dev/game-days/shell-command.ts';
import { gameDays, sectionOf, shellLinesOf } from '../../../support/runbook.ts';

const days = gameDays();
const dayOf = ({ name }: Drill) => {
  const day = days.find((one) => one.name === name);
  if (day === undefined) throw new Error(`The runbook has no game day ${name}.`);

  return day;
};

/** Placeholders of the runbook stand for one word, or for a part of one. */
const asPattern = (command: string) =>
  new RegExp(
    `^${command
      .split(/<\w+>|(?<=rev_)\.\.\./)
      .map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'))
      .join('[^"]+?')}$`,
  );

const actsOf = ({ breaks, sees, recovers }: Drill) =>
  [...breaks, ...sees, ...recovers].flatMap((step) => ('says' in step ? [step.says] : []));

it('are the game days of the runbook, in its order', () => {
  expect(drills.map(({ name }) => name)).toEqual(days.map(({ name }) => name));
});

describe.each(drills)('the drill $name', (drill) => {
  const { printed, text } = dayOf(drill);
  const lines = printed.map((line) => line.trim());
  const lineAfter = (mark: string) =>
    lines.filter((line) => line.startsWith(mark)).map((line) => line.slice(mark.length));

  it('is told with its fault and each of its steps, and with no other', () => {
    const told = printed
      .filter((line) => /^ {2}[A-Z]/.test(line) && !line.includes(' rings: '))
      .map((line) => line.trim());

    expect(lines[1]).toBe(`${drill.name}: ${drill.fault}`);
    expect(told).toEqual(actsOf(drill));
  });

  it('rings by what the runbook says that it rings by, and links to', () => {
    const linked = [...text.matchAll(/^Rings (.+)$/gm)].flatMap(([, links = '']) =>
      [...links.matchAll(/\[([^\]]+)\]\(#/g)].map(([, heading]) => heading),
    );

    const headings = drill.rings.map(({ heading }) => heading);
    expect(lines.filter((line) => line.includes(' rings: '))).toEqual(
      drill.rings.map(({ alarm, heading }) => `${alarm} rings: ${heading}`),
    );
    expect(linked).toEqual(headings);
    for (const heading of headings) expect(sectionOf(heading)).toContain('**Do.**');
  });

  it('recovers by the commands that are printed there, and by no other', () => {
    const patterns = commandsOf(drill).map(({ runs }) => asPattern(runs));
    const shown = lineAfter('$ ').filter((line) => !line.startsWith('npm run drill'));

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

  it.each(commandsOf(drill))('finds "$runs" under "$under"', ({ runs, under }) => {
    expect(shellLinesOf(sectionOf(under))).toContain(runs);
  });
});

it('reads a line as a shell does', () => {
  const line = `curl -s "$API/x" -H "a: $(out Name)" -d '{"b":"$API c"}' --reason="d e"`;
  const known: Record<string, string> = { API: 'http://api', Name: 'n' };

  expect(wordsOf(line, (name) => known[name])).toEqual([
    'curl',
    '-s',
    'http://api/x',
    '-H',
    'a: n',
    '-d',
    '{"b":"$API c"}',
    '--reason=d e',
  ]);
  expect(() => wordsOf('echo $NOBODY', () => undefined)).toThrow('$NOBODY');
});

it('speaks to the stack of the drill, also from a terminal whose commands speak to a stage', () => {
  const stage = { PATH: '/bin', API_URL: 'https://production', TOKEN: 't', AFTERCOMMIT_STACK: 'x' };

  expect(environmentOf('stack.json', stage)).toEqual({
    PATH: '/bin',
    AFTERCOMMIT_STACK: 'stack.json',
  });
});
