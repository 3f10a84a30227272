import { signal } from '@preact/signals';
import { curveColour } from '../../../../src/pictures/curves';
import { drawScatter, drawScatterMarks } from '../../../../src/pictures/scatter';
import { fitText, movedBy } from '../../../../src/pictures/surface';
import type { ExportedPicture } from '../../frame/exportPicture';
import type { ViewProps } from '../../viewProps';
import { relationLines } from './relations';
import type { PlotChoice } from './scatterChoices';
import { scatterModel, type ScatterPart } from './scatterModel';
import type { PlottedSite } from './scatterParts';

const EDGE = 16;
const HEAD = 44;
const LINE = 20;
const SITE_TITLE = 20;
/** Width of the only plot, and of one of several. */
const WIDE = 680;
const NARROW = 320;
const COLUMNS = 3;
/** Device pixels a CSS pixel of an image of points. */
const FINENESS = 2;

/** A scatter plot as it goes into a file: title, plots, and the sites with what is said of them. */
export function exportedScatter(
  view: ViewProps,
  parts: readonly ScatterPart[],
  sites: readonly PlottedSite[],
  choice: PlotChoice,
  title: string,
): ExportedPicture | null {
  const state = view.store.state.peek();
  if (state === null || parts.length === 0) return null;
  const many = parts.length > 1;
  const width = many ? NARROW : WIDE;
  const height = Math.round(width * (many ? 0.75 : 0.6));
  const columns = Math.min(COLUMNS, parts.length);
  const step = height + (many ? SITE_TITLE + EDGE : 0);
  const plots = Math.ceil(parts.length / columns) * step;
  const lines = relationLines(state, choice, sites);
  return {
    width: Math.max(WIDE, columns * (width + EDGE) - EDGE) + 2 * EDGE,
    height: HEAD + plots + EDGE + sites.length * LINE + 2 * EDGE,
    draw(surface, theme) {
      const style = { align: 'left', baseline: 'middle' } as const;
      surface.text(title, EDGE, EDGE + 8, { ...style, colour: theme.foreground, size: 15, weight: 600 });
      surface.text(fitText(surface, state.title, 12, WIDE), EDGE, EDGE + 28, {
        ...style,
        colour: theme.muted,
        size: 12,
      });
      parts.forEach((part, i) => {
        const model = scatterModel({ ...view, theme: signal(theme) }, signal(part), () => height);
        model.width.value = width;
        const x = EDGE + (i % columns) * (width + EDGE);
        let y = EDGE + HEAD + Math.floor(i / columns) * step;
        if (many) {
          const name = fitText(surface, sites[i]?.name ?? '', 12, width);
          surface.text(name, x, y + 6, { ...style, colour: theme.foreground, size: 12, weight: 600 });
          y += SITE_TITLE;
        }
        const place = movedBy(surface, x, y);
        const plot = model.plot.peek();
        drawScatter(place, plot, FINENESS);
        drawScatterMarks(place, plot, {
          hovered: null,
          selected: view.store.selected.peek(),
          place: (row) => model.places.peek()[row] ?? -1,
          taken: null,
        });
      });
      sites.forEach(({ name, index }, i) => {
        const y = EDGE + HEAD + plots + EDGE + i * LINE;
        surface.disc(EDGE + 5, y, 5, curveColour(index, theme), 1);
        const text = fitText(surface, `${name}: ${lines[i] ?? ''}`, 12, WIDE - 20);
        surface.text(text, EDGE + 18, y, { ...style, colour: theme.foreground, size: 12 });
      });
    },
  };
}
