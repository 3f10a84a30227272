import type { Page } from 'playwright-core';
import { Bench } from '../test/webview/browser';
import { syntheticStudy } from '../test/webview/syntheticStudy';
import type { SiteInfo } from '../src/protocol/study';
import { UNIT_COLUMNS } from '../src/protocol/units';
import type { StudyState } from '../src/protocol/webview';
import { median } from './program';

/** How the study panel behaves with a run of 100,000 units and 10 classes, in Chromium without a graphics card. */
export interface PanelLine {
  readonly case: 'panel';
  /** Cells of the matrix that is panned, zoomed and hovered. */
  readonly cells: number;
  /** Frames a second over all three, the middle and the 5th percentile; medians of the repetitions. */
  readonly fps_median: number;
  readonly fps_p5: number;
  /** From opening the page until the heatmaps are on the screen, without the time it took to make the run up. */
  readonly first_paint_ms: number;
  /** Of it, from the snapshot's arrival on. */
  readonly snapshot_to_paint_ms: number;
  readonly fps_by_action: Readonly<Record<Action, readonly [median: number, p5: number]>>;
  /** The best of the repetitions. */
  readonly best: { readonly fps_median: number; readonly fps_p5: number; readonly first_paint_ms: number };
}

const ACTIONS = ['pan', 'zoom', 'hover'] as const;
/** `rest`: nothing is done, which shows what else the machine is busy with. */
type Action = (typeof ACTIONS)[number] | 'rest';

const SITES: readonly SiteInfo[] = [
  { name: 'conv2d_1', units: 4000, shape: [28, 28, 4000], kind: 'convolution' },
  { name: 'dense_1', units: 32_000, shape: [32_000], kind: 'dense' },
  { name: 'dense_2', units: 64_000, shape: [64_000], kind: 'dense' },
];
const CLASSES = 10;
const REPETITIONS = 5;
const FRAMES = 90;
/** What the figures must be. */
const REQUIRED = { fps: 30, first_paint_ms: 1000 };

/** Opens the panel some times and measures it. */
export async function benchPanel(say: (text: string) => void): Promise<PanelLine> {
  const bench = await Bench.start();
  const runs: Measured[] = [];
  try {
    for (let i = 0; i < REPETITIONS; i++) {
      say(`panel: ${i + 1} of ${REPETITIONS}`);
      const view = await bench.open('study', { width: 1200, height: 1100, saved: { tab: 'heatmaps' } });
      runs.push(await measure(view.page));
      await view.page.context().close();
    }
  } finally {
    await bench.stop();
  }
  const all = runs.map(({ intervals }) => rates(ACTIONS.flatMap((action) => intervals[action])));
  const paints = runs.map(({ ready_ms, paint_ms }) => ready_ms + paint_ms);
  return {
    case: 'panel',
    cells: SITES.reduce((sum, { units }) => sum + units, 0) * CLASSES,
    fps_median: round(median(all.map(([middle]) => middle))),
    fps_p5: round(median(all.map(([, low]) => low))),
    first_paint_ms: Math.round(median(paints)),
    snapshot_to_paint_ms: Math.round(median(runs.map(({ paint_ms }) => paint_ms))),
    fps_by_action: Object.fromEntries(
      ([...ACTIONS, 'rest'] as const).map((action) => {
        const each = runs.map(({ intervals }) => rates(intervals[action]));
        return [action, [round(median(each.map(([m]) => m))), round(median(each.map(([, l]) => l)))]];
      }),
    ) as unknown as PanelLine['fps_by_action'],
    best: {
      fps_median: round(Math.max(...all.map(([middle]) => middle))),
      fps_p5: round(Math.max(...all.map(([, low]) => low))),
      first_paint_ms: Math.round(Math.min(...paints)),
    },
  };
}

/** The figures for people. */
export function panelText(line: PanelLine): string {
  const actions = ([...ACTIONS, 'rest'] as const).map((action) => {
    const [middle, low] = line.fps_by_action[action];
    return `${action} ${middle} (${low})`;
  });
  const verdict = (holds: boolean): string => (holds ? 'holds' : 'MISSED');
  return [
    '',
    `panel: ${line.cells.toLocaleString('en-US')} cells, ${REPETITIONS} times`,
    `  frames/s      median ${line.fps_median}, 5th percentile ${line.fps_p5} (≥ ${REQUIRED.fps} ${verdict(line.fps_p5 >= REQUIRED.fps)}); best ${line.best.fps_median}, ${line.best.fps_p5}`,
    `  by action     ${actions.join(', ')}`,
    `  first paint   ${line.first_paint_ms} ms (≤ ${REQUIRED.first_paint_ms} ${verdict(line.first_paint_ms <= REQUIRED.first_paint_ms)}), of it from the snapshot on ${line.snapshot_to_paint_ms} ms; best ${line.best.first_paint_ms} ms`,
  ].join('\n');
}

interface Measured {
  /** From the page's opening until it asked for its state. */
  readonly ready_ms: number;
  readonly paint_ms: number;
  /** Milliseconds from one frame to the next. */
  readonly intervals: Readonly<Record<Action, readonly number[]>>;
}

async function measure(page: Page): Promise<Measured> {
  const { table: _table, ...state } = syntheticStudy({ sites: SITES.map((site) => ({ ...site, units: 1 })) });
  const record = { ...state.record, sites: SITES };
  const given: Given = {
    state: { ...state, record, table: null },
    rows: SITES.reduce((sum, { units }) => sum + units, 0),
    classes: CLASSES,
    columns: UNIT_COLUMNS,
  };
  const { ready_ms, paint_ms } = await page.evaluate(firstPaint, given);
  // Whatever has been put off until after the first paint.
  await page.waitForTimeout(500);
  const intervals = {} as Record<Action, readonly number[]>;
  for (const action of [...ACTIONS, 'rest'] as const) {
    intervals[action] = await page.evaluate(framesOf, { action, frames: FRAMES });
  }
  return { ready_ms, paint_ms, intervals };
}

interface Given {
  readonly state: StudyState;
  readonly rows: number;
  readonly classes: number;
  readonly columns: readonly string[];
}

/** Runs in the page: makes a run up, delivers it as the host does, and waits until the matrix is drawn. */
async function firstPaint({
  state,
  rows,
  classes,
  columns,
}: Given): Promise<{ ready_ms: number; paint_ms: number }> {
  const [navigation] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
  const ready_ms = navigation?.domContentLoadedEventEnd ?? NaN;
  let seed = 1;
  const random = (): number => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return seed / 4294967296;
  };
  const table = {
    rows,
    classes,
    columns: Object.fromEntries(
      columns.map((name) => {
        const whole = ['dead', 'within_noise', 'selectivity_valid'].includes(name);
        const values = new Float64Array(rows);
        for (let i = 0; i < rows; i++) {
          values[i] = whole ? Number(random() < 0.3) : random() ** 4 * 0.03 - 0.002;
        }
        return [name, values];
      }),
    ),
    class_drop: new Float64Array(rows * classes).map(() => random() ** 6 * 0.2 - 0.004),
    class_mean: new Float64Array(rows * classes).map(() => random()),
  };
  const frame = (): Promise<number> => new Promise((resolve) => requestAnimationFrame(resolve));
  await frame();
  const start = performance.now();
  window.postMessage({ type: 'snapshot', state: { ...state, table } }, '*');
  for (;;) {
    await frame();
    const canvas = document.querySelector<HTMLCanvasElement>('canvas[data-measure="matrix"]');
    if (canvas !== null && canvas.width > 300) break;
  }
  // The next frame begins when that one is on its way to the screen.
  await frame();
  return { ready_ms, paint_ms: performance.now() - start };
}

/** Runs in the page: does something to the matrix in each of some frames and gives the time between them. */
async function framesOf({ action, frames }: { action: Action; frames: number }): Promise<number[]> {
  const canvas = document.querySelector<HTMLCanvasElement>('canvas[data-measure="matrix"]');
  const scroller = canvas?.closest<HTMLElement>('.grid-window');
  if (canvas == null || scroller == null) throw new Error('The panel has no matrix.');
  scroller.scrollIntoView({ block: 'center' });
  const frame = (): Promise<number> => new Promise((resolve) => requestAnimationFrame(resolve));
  const zoom = (steps: number): void => {
    const { left, top, width, height } = scroller.getBoundingClientRect();
    const at = { clientX: left + width / 2, clientY: top + height / 2 };
    const wheel = { ...at, deltaY: -100 * steps, ctrlKey: true, bubbles: true, cancelable: true };
    canvas.dispatchEvent(new WheelEvent('wheel', wheel));
  };
  const act = (i: number): void => {
    const { left, top, width, height } = canvas.getBoundingClientRect();
    if (action === 'zoom') zoom(i < frames / 2 ? 0.6 : -0.6);
    else if (action === 'pan') scroller.scrollTop += 60;
    else if (action === 'hover') {
      const clientX = left + width * (0.2 + 0.7 * ((i * 7) % 100) * 0.01);
      const clientY = top + 30 + ((i * 37) % Math.max(1, height - 40));
      canvas.dispatchEvent(new PointerEvent('pointermove', { clientX, clientY, bubbles: true }));
    }
  };
  // Pan where many rows share a pixel, which is the hardest, from the top on.
  if (action === 'pan') zoom(7);
  scroller.scrollTop = 0;
  for (let i = 0; i < 10; i++) await frame();
  const intervals: number[] = [];
  let last = await frame();
  for (let i = 0; i < frames; i++) {
    act(i);
    const now = await frame();
    intervals.push(now - last);
    last = now;
  }
  if (action === 'pan') zoom(-20);
  return intervals;
}

/** Frames a second: the middle, and what 95 % of the frames reach. */
function rates(intervals: readonly number[]): readonly [median: number, p5: number] {
  const sorted = intervals.toSorted((a, b) => a - b);
  return [1000 / median(sorted), 1000 / (sorted[Math.floor(sorted.length * 0.95)] ?? NaN)];
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
