import { layoutMatrix } from '../../../../src/pictures/gridMatrix';
import { drawMatrix } from '../../../../src/pictures/gridMatrixPicture';
import { rasterColours } from '../../../../src/pictures/rasterColours';
import { movedBy } from '../../../../src/pictures/surface';
import { count, unitName } from '../../../shared/format';
import type { StudyStore } from '../../../shared/store';
import type { ExportedPicture } from '../../frame/exportPicture';
import { drawHead, EXPORT_HEAD, EXPORT_MARGIN, EXPORT_WIDTH } from './exportGrids';
import type { MatrixState } from './matrixState';
import { matrixWords } from './matrixWords';
import { scaleOf } from './measures';

/** Rows of a picture in a file are as high as they can be below this height of all. */
const LONGEST = 4000;
const HIGHEST = 14;
const GUTTER = 140;
/** Device pixels a CSS pixel in files. */
const RATIO = 2;

/** The whole matrix as a picture, in its order. */
export function exportMatrix(store: StudyStore, state: MatrixState): ExportedPicture | null {
  const pyramid = state.pyramid.value;
  const rows = pyramid.grid.rows.length;
  if (rows === 0) return null;
  const fit = Math.min(HIGHEST, LONGEST / rows);
  const height = fit >= 1 ? Math.floor(fit) : fit;
  const width = EXPORT_WIDTH - 2 * EXPORT_MARGIN;
  const layout = layoutMatrix({ rows, columns: pyramid.grid.columns }, width, height, GUTTER);
  const words = matrixWords(state.choices.value.value);
  const domain = state.domain.value;
  return {
    width: Math.max(EXPORT_WIDTH, layout.width + 2 * EXPORT_MARGIN),
    height: EXPORT_HEAD + layout.height + EXPORT_MARGIN,
    draw(surface, theme) {
      const scale = scaleOf(domain, theme);
      const { title, explanation, legend: label, format } = words;
      drawHead(surface, theme, title, explanation, { scale, domain, label, format });
      const whole = { left: 0, top: 0, width: layout.width, height: layout.height, ratio: RATIO };
      drawMatrix(movedBy(surface, EXPORT_MARGIN, EXPORT_HEAD), layout, whole, {
        pyramid,
        colours: rasterColours(scale, domain),
        columnNames: store.record.value?.classes ?? [],
        rowName: (position) => unitName(store.units.value[pyramid.grid.rows[position]!]!),
        sections: state.sections.value,
        rankName: count,
        deleted: [...store.deleted.value]
          .map((row) => state.order.value.positions[row]!)
          .filter((at) => at >= 0),
        theme,
      });
    },
  };
}
