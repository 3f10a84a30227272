import { layers } from '@tensorflow/tfjs-layers';
import type { ActivationObject } from '../../layerInternals';

type Stock = ReturnType<typeof layers.bidirectional>;
type StockSettings = Parameters<typeof layers.bidirectional>[0];
const StockBidirectional = layers.bidirectional({ layer: layers.simpleRNN({ units: 1 }) })
  .constructor as new (settings: StockSettings) => Stock;

/** A recurrent layer, a cell, or cells stacked, as far as it holds activations. */
interface Holder {
  activation?: ActivationObject;
  recurrentActivation?: ActivationObject;
  cell?: Holder;
  cells?: Holder[];
}

/**
 * A Bidirectional layer whose two layers have the activations of the one they are made from: the one of tfjs-layers
 * makes them from its description, in which an activation is a name without its settings.
 */
export class Bidirectional extends StockBidirectional {
  static readonly className: string = 'Bidirectional';

  constructor(settings: StockSettings) {
    super(settings);
    const { forwardLayer, backwardLayer } = this as unknown as Record<string, Holder>;
    for (const made of [forwardLayer!, backwardLayer!]) copyActivations(settings.layer as Holder, made);
  }
}

function copyActivations(from: Holder, to: Holder): void {
  if (from.activation !== undefined) to.activation = from.activation;
  if (from.recurrentActivation !== undefined) to.recurrentActivation = from.recurrentActivation;
  if (from.cell !== undefined) copyActivations(from.cell, to.cell!);
  from.cells?.forEach((cell, index) => copyActivations(cell, to.cells![index]!));
}
