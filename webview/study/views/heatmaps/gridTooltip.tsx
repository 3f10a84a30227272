import type { ReadonlySignal } from '@preact/signals';
import { t } from '@vscode/l10n';
import type { VNode } from 'preact';
import type { Rect } from '../../../../src/pictures/surface';
import { NONE } from '../../../shared/format';
import type { Readout } from '../../readout';
import { Tooltip } from '../../tooltip';

/** The tooltip of a grid: a component of its own, so that the rest is not made anew as the pointer moves. */
export function GridTooltip<Place>({
  pointed,
  readout,
  cell,
}: {
  readonly pointed: ReadonlySignal<Place | null>;
  /** Null: there is nothing to say. */
  readonly readout: (place: Place) => Readout | null;
  /** In the window's coordinates. */
  readonly cell: (place: Place) => Rect;
}): VNode | null {
  const place = pointed.value;
  const said = place === null ? null : readout(place);
  return place === null || said === null ? null : <Tooltip readout={said} cell={cell(place)} />;
}

/** A readout with more figures before the others. */
export function withFirst(readout: Readout, pairs: Readout['pairs']): Readout {
  const all = [...pairs, ...readout.pairs];
  const said = all.map(([key, value]) => `${key} ${value === NONE ? t('not known') : value}`);
  return { ...readout, pairs: all, text: [readout.name, ...said, ...readout.marks].join('; ') };
}
