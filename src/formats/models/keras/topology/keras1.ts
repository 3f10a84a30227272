import { type Json, type LayerEntry } from './reading';

/** Classes that Keras 2 renamed. */
const CLASSES: ReadonlyMap<string, string> = new Map([
  ['Convolution1D', 'Conv1D'],
  ['Convolution2D', 'Conv2D'],
  ['Convolution3D', 'Conv3D'],
  ['AtrousConvolution1D', 'Conv1D'],
  ['AtrousConvolution2D', 'Conv2D'],
  ['Deconvolution2D', 'Conv2DTranspose'],
  ['SeparableConvolution2D', 'SeparableConv2D'],
]);

/** Settings that Keras 2 renamed; a function where it depends on the class. */
const SETTINGS: ReadonlyMap<string, string | ((type: string) => string)> = new Map<
  string,
  string | ((type: string) => string)
>([
  ['output_dim', (type) => (type === 'Embedding' ? 'output_dim' : 'units')],
  ['nb_filter', 'filters'],
  ['filter_length', 'kernel_size'],
  ['subsample', 'strides'],
  ['subsample_length', 'strides'],
  ['stride', 'strides'],
  ['atrous_rate', 'dilation_rate'],
  ['border_mode', 'padding'],
  ['bias', 'use_bias'],
  ['inner_activation', 'recurrent_activation'],
  ['pool_length', 'pool_size'],
  ['length', 'size'],
  ['p', 'rate'],
  ['sigma', 'stddev'],
  ['concat_axis', 'axis'],
]);

/** Layers that `Merge` stood for, by its mode. */
const MERGES: ReadonlyMap<unknown, string> = new Map([
  ['sum', 'Add'],
  ['mul', 'Multiply'],
  ['concat', 'Concatenate'],
  ['ave', 'Average'],
  ['max', 'Maximum'],
]);

/** A layer of Keras 1 in the words of Keras 2; any other is given back as it is. */
export function modernised(entry: LayerEntry): LayerEntry {
  const { fields } = entry;
  if (entry.type === 'TimeDistributedDense') {
    return modernised({ ...entry, type: 'Dense' });
  }
  const merged = entry.type === 'Merge' ? MERGES.get(entry.config['mode']) : undefined;
  const type = merged ?? CLASSES.get(entry.type) ?? entry.type;
  const config: Json = {};
  for (const [key, value] of Object.entries(entry.config)) {
    const renamed = SETTINGS.get(key);
    const name = typeof renamed === 'function' ? renamed(type) : (renamed ?? key);
    if (name === key || !(name in entry.config)) config[name] = value;
  }
  const { nb_row: rows, nb_col: columns, kernel_dim1: depth } = config;
  if (rows !== undefined && columns !== undefined) config['kernel_size'] = [rows, columns];
  if (depth !== undefined) config['kernel_size'] = [depth, config['kernel_dim2'], config['kernel_dim3']];
  if (config['dim_ordering'] === 'th') config['data_format'] = 'channels_first';
  if (config['dim_ordering'] === 'tf') config['data_format'] = 'channels_last';
  // Keras 1.0 asked for the mode of batch normalization; 0 is what all later ones do.
  for (const old of ['dim_ordering', 'nb_row', 'nb_col', 'consume_less', 'dropout_U', 'dropout_W']) {
    Reflect.deleteProperty(config, old);
  }
  return { type, config, fields };
}
