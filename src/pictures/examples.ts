import type { Example } from '../protocol/details';
import { curveColour } from './curves';
import { drawMarks, type Marks } from './matrix';
import { drawSampleInput } from './sampleInput';
import { fitText, type Rect, type Surface } from './surface';
import type { PictureTheme } from './theme';

/** Where the cards are, row by row. */
export interface ExamplesLayout {
  readonly width: number;
  readonly height: number;
  readonly columns: number;
  readonly cards: number;
  /** Width of a card. */
  readonly card: number;
}

/** How they are drawn. */
export interface ExamplesView extends Marks {
  readonly examples: readonly Example[];
  readonly classes: readonly string[];
  /** In words: `true: 7`, and what became of the sample. */
  readonly texts: {
    readonly truth: (name: string) => string;
    readonly flip: Readonly<Record<Example['flip'], string>>;
  };
  readonly theme: PictureTheme;
}

const PICTURE = 84;
const PAD = 8;
const GAP = 8;
/** Least width of a card whose classes have short names, and what long ones may take more, pixels. */
const LEAST = 236;
const SHORT_NAME = 24;
const MOST_NAME = 80;
const HEIGHT = PICTURE + 2 * PAD;
const EDGE = 3;
const HEAD = 18;
const ROW = 16;
const SIZE = 11;
/** Classes whose probabilities a card has room for. */
const CLASSES = 4;

/** Lays out as many cards a row as fit; long names of classes make them wider. */
export function layoutExamples(cards: number, width: number, classes: readonly string[]): ExamplesLayout {
  const room = width - 2 * EDGE;
  const longest = Math.max(1, ...classes.map((name) => [...name].length)) * SIZE * 0.6;
  const least = LEAST + Math.min(MOST_NAME, Math.max(0, longest - SHORT_NAME));
  const columns = Math.max(1, Math.min(cards, Math.floor((room + GAP) / (least + GAP))));
  const card = Math.floor((room - (columns - 1) * GAP) / columns);
  const rows = Math.ceil(cards / columns);
  const height = Math.max(0, rows * (HEIGHT + GAP) - GAP) + 2 * EDGE;
  return { width, height, columns, cards, card: Math.min(card, 1.6 * least) };
}

/** Where a card is. */
export function exampleRect({ columns, card }: ExamplesLayout, at: number): Rect {
  const row = Math.floor(at / columns);
  return { x: EDGE + (at % columns) * (card + GAP), y: EDGE + row * (HEIGHT + GAP), w: card, h: HEIGHT };
}

/** The card at a point; null between them. */
export function exampleAt(layout: ExamplesLayout, x: number, y: number): number | null {
  for (let at = 0; at < layout.cards; at++) {
    const rect = exampleRect(layout, at);
    if (x >= rect.x && x < rect.x + rect.w && y >= rect.y && y < rect.y + rect.h) return at;
  }
  return null;
}

/** The classes a card names: the true one, what the network gave and gives, and the next likely; likeliest now first. */
export function classesShown({ label, before, after }: Example): readonly number[] {
  const all = Array.from(after, (_, c) => c);
  const largest = (c: number): number => Math.max(before[c]!, after[c]!);
  const likely = all.toSorted((a, b) => largest(b) - largest(a) || a - b);
  const wanted = new Set([label, topOf(before), topOf(after), ...likely]);
  return [...wanted]
    .slice(0, CLASSES)
    .sort((a, b) => after[b]! - after[a]! || before[b]! - before[a]! || a - b);
}

/** The class with the largest probability. */
export function topOf(probabilities: Float32Array): number {
  return probabilities.reduce((best, value, c) => (value > probabilities[best]! ? c : best), 0);
}

/** Draws each sample's inputs, its true class, and the probabilities before (outlined) and after (filled). */
export function drawExamples(surface: Surface, layout: ExamplesLayout, view: ExamplesView): void {
  view.examples.forEach((example, at) => drawCard(surface, exampleRect(layout, at), example, view));
  drawMarks(surface, view, (at) => exampleRect(layout, at), view.theme);
}

function drawCard(surface: Surface, card: Rect, example: Example, view: ExamplesView): void {
  const { theme, texts, classes } = view;
  const flipped = example.flip !== 'none';
  const tone = flipped ? curveColour(example.flip === 'to_wrong' ? 1 : 0, theme) : theme.border;
  surface.strokeRect(card.x + 0.5, card.y + 0.5, card.w - 1, card.h - 1, tone, flipped ? 1 : 0.5);
  const picture = { x: card.x + PAD, y: card.y + PAD, w: PICTURE, h: PICTURE };
  drawSampleInput(surface, picture, example.input, theme);
  const left = picture.x + PICTURE + 10;
  const right = card.x + card.w - PAD;
  const middle = card.y + PAD + HEAD / 2 - 2;
  const word = texts.flip[example.flip];
  const said = surface.measure(word, SIZE) * 1.1 + (flipped ? 14 : 0);
  const small = { size: SIZE, baseline: 'middle' } as const;
  const style = { ...small, align: 'right', colour: flipped ? theme.foreground : theme.muted } as const;
  surface.text(word, right, middle, { ...style, weight: flipped ? 600 : 400 });
  if (flipped) drawSign(surface, right - said, middle, example.flip === 'to_right', tone);
  const truth = texts.truth(classes[example.label] ?? String(example.label));
  const shown = fitText(surface, truth, SIZE, right - left - said - 8);
  surface.text(shown, left, middle, { ...small, align: 'left', colour: theme.foreground });
  drawBars(surface, { x: left, y: card.y + PAD + HEAD, w: right - left, h: CLASSES * ROW }, example, view);
}

/** A tick or a cross, for those who cannot tell the colours apart. */
function drawSign(surface: Surface, x: number, y: number, right: boolean, colour: string): void {
  if (right) {
    surface.polyline([[x, y], [x + 3, y + 3], [x + 9, y - 4]], colour, 1.75, []); // prettier-ignore
    return;
  }
  surface.line(x + 1, y - 3.5, x + 8, y + 3.5, colour, 1.75);
  surface.line(x + 1, y + 3.5, x + 8, y - 3.5, colour, 1.75);
}

function drawBars(surface: Surface, rect: Rect, example: Example, view: ExamplesView): void {
  const { theme, classes } = view;
  const shown = classesShown(example);
  const nameOf = (c: number): string => classes[c] ?? String(c);
  const widest = Math.max(...shown.map((c) => surface.measure(nameOf(c), SIZE) * 1.1));
  const names = Math.min(widest + 2, rect.w * 0.5);
  const from = rect.x + names + 6;
  const width = Math.max(10, rect.x + rect.w - 34 - from);
  shown.forEach((c, row) => {
    const y = rect.y + row * ROW;
    const middle = y + ROW / 2;
    const truth = c === example.label;
    const style = { size: SIZE, baseline: 'middle', colour: theme.foreground } as const;
    const weight = truth ? 600 : 400;
    const name = fitText(surface, nameOf(c), SIZE, truth ? names / 1.1 : names);
    surface.text(name, rect.x, middle, {
      ...style,
      align: 'left',
      weight,
    });
    surface.text(share(example.after[c]!), rect.x + rect.w, middle, { ...style, align: 'right', weight });
    surface.fillRect(from, y + 5, width * example.after[c]!, ROW - 9, curveColour(truth ? 0 : 1, theme));
    const outline = Math.max(1, width * example.before[c]!);
    surface.strokeRect(from - 0.5, y + 3.5, outline + 1, ROW - 6, theme.muted, 1);
  });
}

function share(probability: number): string {
  return `${Math.round(probability * 100)} %`;
}
