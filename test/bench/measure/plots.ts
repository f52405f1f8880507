import { LineChart } from 'echarts/charts';
import { GridComponent, LegendComponent, TitleComponent } from 'echarts/components';
import * as echarts from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { summarize } from './figures.ts';
import type { Measurement } from './measurement.ts';
import type { LoadResults } from './results.ts';
import { type StressedSystem, stressedSystems, userLevels } from './schedule.ts';

echarts.use([LineChart, GridComponent, LegendComponent, TitleComponent, SVGRenderer]);

type Point = readonly [x: number, y: number];

interface Line {
  readonly name: string;
  readonly points: readonly Point[];
  readonly dashed?: boolean;
}

interface Axis {
  readonly name: string;
  readonly scale: 'log' | 'value';
  readonly max?: number;
}

// The symbols distinguish the systems without colours, too.
const seriesStyles = [
  { color: '#b45309', symbol: 'rect' },
  { color: '#1d4ed8', symbol: 'circle' },
  { color: '#475569', symbol: 'triangle' },
];

const drawChart = (title: string, x: Axis, y: Axis, lines: readonly Line[]): string => {
  const chart = echarts.init(null, null, { renderer: 'svg', ssr: true, width: 720, height: 420 });
  const axis = ({ name, scale, max: most }: Axis) => ({
    type: scale,
    name,
    nameLocation: 'middle' as const,
    nameGap: 36,
    ...(most !== undefined && { max: most }),
  });
  chart.setOption({
    animation: false,
    backgroundColor: '#ffffff',
    title: { text: title, left: 'center', textStyle: { fontSize: 15 } },
    legend: { bottom: 0 },
    grid: { left: 70, right: 30, top: 50, bottom: 80 },
    xAxis: axis(x),
    yAxis: { ...axis(y), nameGap: 48 },
    series: lines.map(({ name, points, dashed = false }, index) => ({
      type: 'line' as const,
      name,
      data: points.map((point) => [...point]),
      symbolSize: 8,
      ...seriesStyles[index % seriesStyles.length],
      lineStyle: { type: dashed ? ('dashed' as const) : ('solid' as const) },
    })),
  });
  const svg = chart.renderToSVGString();
  chart.dispose();

  return svg;
};

const closed = (results: LoadResults, system: StressedSystem, users: number) =>
  summarize(results, system, { kind: 'closed', users });

const throughputPlot = (results: LoadResults): string =>
  drawChart(
    'Responses per second, by users',
    { name: 'users', scale: 'log' },
    { name: 'responses per second', scale: 'log' },
    stressedSystems.map((system) => ({
      name: system,
      points: userLevels.map((users) => [users, closed(results, system, users).perSecond.median]),
    })),
  );

/** Every rate of the last round's open loops, up to the one at which the system broke. */
const latencyPlot = (results: LoadResults): string => {
  const points = (tried: readonly Measurement[], quantile: 'med' | 'p(99)'): Point[] =>
    tried
      .flatMap(({ load: { loop }, seen }): Point[] =>
        loop.kind === 'open' && seen.latencyMs ? [[loop.perSecond, seen.latencyMs[quantile]]] : [],
      )
      .sort(([a], [b]) => a - b);

  return drawChart(
    'Response time in ms, by payments per second',
    { name: 'payments per second', scale: 'value' },
    { name: 'ms', scale: 'log' },
    stressedSystems.flatMap((system) => {
      const measured = results.rounds.at(-1)?.filter((one) => one.system === system) ?? [];
      const tried = [...measured, ...(results.limits[system].at(-1)?.tried ?? [])];

      return [
        { name: `${system}, p50`, points: points(tried, 'med') },
        { name: `${system}, p99`, points: points(tried, 'p(99)'), dashed: true },
      ];
    }),
  );
};

/** The distribution of the time to the final status, at each rate of the last round. */
const finalsPlot = (results: LoadResults): string => {
  const loads = (results.rounds.at(-1) ?? []).flatMap(({ load: { loop }, finals }) =>
    finals && loop.kind === 'open' ? [{ loop, finals }] : [],
  );

  return drawChart(
    'Share of payments final, by time after accept',
    { name: 'seconds', scale: 'value', max: 40 },
    { name: 'final, %', scale: 'value', max: 100 },
    loads.map(({ loop, finals }) => ({
      name: `${loop.perSecond}/s`,
      points: finals.curve.map(({ seconds, part }): Point => [seconds, part * 100]),
    })),
  );
};

/** Every plot as an SVG, by its file name. */
export const plotsOf = (results: LoadResults): Readonly<Record<string, string>> => ({
  'throughput.svg': throughputPlot(results),
  'latency.svg': latencyPlot(results),
  'time-to-final.svg': finalsPlot(results),
});
