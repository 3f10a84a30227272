import type { Site } from '../../network/sites';
import type { Clamp } from '../clamp';
import type { SiteStatistics } from '../siteSums';

/**
 * The operator `mean`: each unit's mean over the data, of feature maps for every position by itself, of recurrent
 * units for every time step.
 */
export function meanClamp(site: Site, { elementMean }: SiteStatistics): Clamp {
  if (elementMean === null) throw new Error(`Pass 0 did not find the means of ${site.name}`);
  const positions = site.shape.slice(0, -1);
  const elements = elementMean.length / site.units;
  // A free size is whatever the data has; with one such axis it follows from the number of elements.
  const known = positions.reduce((product, size) => (size > 0 ? product * size : product), 1);
  const shape = [1, ...positions.map((size) => (size > 0 ? size : elements / known)), site.units];
  return { kind: 'constant', shape, values: elementMean };
}
