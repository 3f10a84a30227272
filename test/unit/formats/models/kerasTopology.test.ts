import assert from 'node:assert/strict';
import { tfjsTopology } from '../../../../src/formats/models/keras/topology';
import { Failure } from '../../../../src/protocol/failure';

type Json = Record<string, unknown>;

const layer = (type: string, config: Json, fields: Json = {}): Json => ({
  class_name: type,
  config,
  ...(typeof config['name'] === 'string' ? { name: config['name'] } : {}),
  ...fields,
});
const sequential = (...layers: Json[]): Json => ({
  class_name: 'Sequential',
  config: { name: 'model', layers },
});
const functional = (layers: Json[], inputs: unknown, outputs: unknown): Json => ({
  class_name: 'Functional',
  config: { name: 'model', layers, input_layers: inputs, output_layers: outputs },
});

/** Keras 3: a tensor that a layer gave. */
const tensor = (name: string, call = 0, output = 0, shape: unknown[] = [null, 4]): Json => ({
  class_name: '__keras_tensor__',
  config: { shape, dtype: 'float32', keras_history: [name, call, output] },
});
const called = (...args: unknown[]): Json => ({ inbound_nodes: [{ args, kwargs: {} }] });
const policy = {
  module: 'keras',
  class_name: 'DTypePolicy',
  config: { name: 'float32' },
  registered_name: null,
};
const input3 = (name = 'in'): Json =>
  layer(
    'InputLayer',
    { batch_shape: [null, 4], dtype: 'float32', name, optional: false },
    { inbound_nodes: [] },
  );
const dense3 = (name: string, ...from: unknown[]): Json =>
  layer(
    'Dense',
    {
      name,
      units: 4,
      dtype: policy,
      activation: 'hard_sigmoid',
      quantization_config: null,
      kernel_initializer: { module: 'keras.initializers', class_name: 'Orthogonal', config: { gain: 1 } },
      kernel_regularizer: { class_name: 'L2', config: { l2: 0.01 } },
    },
    { module: 'keras.layers', registered_name: null, build_config: {}, ...called(...from) },
  );

/** The layers of a converted model. */
function layersOf(config: unknown, from: 'keras' | 'tfjs' = 'keras'): Json[] {
  return tfjsTopology(config, 'm.keras', from).config['layers'] as Json[];
}
const configOf = (value: Json | undefined): Json => value?.['config'] as Json;

function refuses(config: unknown, sentence: RegExp): void {
  assert.throws(
    () => tfjsTopology(config, 'm.keras'),
    (error: unknown) => {
      assert.ok(error instanceof Failure, String(error));
      assert.match(error.message, sentence);
      return true;
    },
  );
}

describe('descriptions of Keras models', () => {
  it('of Keras 3 come out in the words of TensorFlow.js', () => {
    const model = functional([input3(), dense3('d', tensor('in'))], ['in', 0, 0], ['d', 0, 0]);
    assert.deepEqual(tfjsTopology({ model_config: model }, 'm.keras'), {
      class_name: 'Functional',
      config: {
        name: 'model',
        layers: [
          {
            class_name: 'InputLayer',
            config: { batch_input_shape: [null, 4], dtype: 'float32', name: 'in' },
            name: 'in',
            inbound_nodes: [],
          },
          {
            class_name: 'Dense',
            config: {
              name: 'd',
              units: 4,
              activation: 'hard_sigmoid_six',
              kernel_initializer: { class_name: 'Zeros', config: {} },
            },
            name: 'd',
            inbound_nodes: [[['in', 0, 0, {}]]],
          },
        ],
        input_layers: [['in', 0, 0]],
        output_layers: [['d', 0, 0]],
      },
    });
  });

  it('take inputs and outputs in lists and by name', () => {
    const layers = [
      input3('a'),
      input3('b'),
      layer('Add', { name: 'sum' }, called([tensor('a'), tensor('b')])),
    ];
    for (const inputs of [
      [
        ['a', 0, 0],
        ['b', 0, 0],
      ],
      { first: ['a', 0, 0], second: ['b', 0, 0] },
    ]) {
      // prettier-ignore
      const { config } = tfjsTopology(functional(layers, inputs, { out: ['sum', 0, 0] }), 'm.keras');
      assert.deepEqual(config['input_layers'], [
        ['a', 0, 0],
        ['b', 0, 0],
      ]);
      assert.deepEqual(config['output_layers'], [['sum', 0, 0]]);
    }
  });

  it('count the calls of models inside models as TensorFlow.js does', () => {
    const inner = {
      ...sequential(input3('x'), dense3('d')),
      name: 'inner',
      inbound_nodes: [called(tensor('in')), called(tensor('inner', 0))].flatMap(
        (one) => one['inbound_nodes'],
      ),
    };
    const model = functional([input3(), inner], ['in', 0, 0], ['inner', 1, 0]);
    const { config } = tfjsTopology(model, 'm.keras');
    const [, nested] = config['layers'] as Json[];
    assert.deepEqual(nested?.['inbound_nodes'], [[['in', 0, 0, {}]], [['inner', 1, 0, {}]]]);
    assert.deepEqual(config['output_layers'], [['inner', 2, 0]]);
    const old = functional(
      [
        layer('InputLayer', { batch_input_shape: [null, 4], name: 'in' }, { inbound_nodes: [] }),
        {
          ...sequential(layer('Dense', { name: 'd', units: 4, batch_input_shape: [null, 4] })),
          name: 'inner',
          inbound_nodes: [[['in', 0, 0, {}]]],
        },
      ],
      [['in', 0, 0]],
      [['inner', 1, 0]],
    );
    assert.deepEqual(tfjsTopology(old, 'm.h5').config['output_layers'], [['inner', 1, 0]]);
  });

  it('number the calls of a shared layer in the order in which TensorFlow.js makes them', () => {
    const layers = [
      input3(),
      {
        ...dense3('shared'),
        inbound_nodes: [called(tensor('late')), called(tensor('in'))].flatMap((one) => one['inbound_nodes']),
      },
      dense3('late', tensor('in')),
      layer('Subtract', { name: 'out' }, called([tensor('shared', 0), tensor('shared', 1)])),
    ];
    const [, shared, , out] = layersOf(functional(layers, ['in', 0, 0], ['out', 0, 0]));
    assert.deepEqual(shared?.['inbound_nodes'], [[['in', 0, 0, {}]], [['late', 0, 0, {}]]]);
    assert.deepEqual(out?.['inbound_nodes'], [
      [
        ['shared', 1, 0, {}],
        ['shared', 0, 0, {}],
      ],
    ]);
  });

  it('have layers for simple operations, and start recurrent layers from the states given', () => {
    const ops = (type: string, name: string, config: Json, ...args: unknown[]): Json =>
      layer(type, { name, ...config }, { module: 'keras.src.ops.numpy', ...called(...args) });
    const layers = layersOf(
      functional(
        [
          input3(),
          ops('TrueDivide', 'div', {}, tensor('in'), 4),
          ops('Subtract', 'sub', {}, 1, tensor('div')),
          ops('Add', 'add', {}, tensor('sub'), tensor('in')),
          ops('Mean', 'mean', { axis: [1, 2], keepdims: true }, tensor('add', 0, 0, [null, 2, 2, 4])),
        ],
        ['in', 0, 0],
        ['mean', 0, 0],
      ),
    );
    assert.deepEqual(layers.map((one) => [one['class_name'], configOf(one)]).slice(1), [
      ['Rescaling', { name: 'div', scale: 0.25, offset: 0 }],
      ['Rescaling', { name: 'sub', scale: -1, offset: 1 }],
      ['Add', { name: 'add' }],
      ['GlobalAveragePoolingKept', { name: 'mean', keepdims: true }],
    ]);
    const old = layersOf(
      functional(
        [
          layer('InputLayer', { batch_input_shape: [null, 5, 3], name: 'in' }, { inbound_nodes: [] }),
          layer('LSTM', { name: 'a', units: 3, return_state: true }, { inbound_nodes: [[['in', 0, 0, {}]]] }),
          layer(
            'LSTM',
            { name: 'b', units: 3 },
            { inbound_nodes: [[['in', 0, 0, { initial_state: [['a', 0, 1], ['a', 0, 2]] }]]] }, // prettier-ignore
          ),
          layer(
            'TFOpLambda',
            { name: 'tf.math.multiply', function: 'math.multiply' },
            { inbound_nodes: [['_CONSTANT_VALUE', -1, 2, { y: ['b', 0, 0], name: null }]] },
          ),
        ],
        [['in', 0, 0]],
        [['tf.math.multiply', 0, 0]],
      ),
    );
    assert.deepEqual(old[2]?.['inbound_nodes'], [[['in', 0, 0, {}], ['a', 0, 1, {}], ['a', 0, 2, {}]]]); // prettier-ignore
    assert.deepEqual(configOf(old[3]), { name: 'tf.math.multiply', scale: 2, offset: 0 });
    assert.deepEqual(old[3]?.['inbound_nodes'], [[['b', 0, 0, {}]]]);
  });

  it('of Keras 1 come out with the names of today', () => {
    const layers = layersOf({
      class_name: 'Sequential',
      keras_version: '1.2.2',
      config: [
        layer('Convolution2D', {
          name: 'conv',
          batch_input_shape: [null, 8, 8, 1],
          nb_filter: 4,
          nb_row: 3,
          nb_col: 2,
          border_mode: 'same',
          subsample: [2, 2],
          dim_ordering: 'tf',
          bias: false,
          activation: 'relu',
          W_regularizer: null,
          init: 'glorot_uniform',
        }),
        layer('Dropout', { name: 'drop', p: 0.25 }),
        layer('LSTM', { name: 'lstm', output_dim: 3, inner_activation: 'hard_sigmoid' }),
        layer('Dense', { name: 'dense', output_dim: 2, activation: 'softmax', input_dim: null }),
      ],
    });
    const [conv, drop, lstm, dense] = layers;
    assert.equal(conv?.['class_name'], 'Conv2D');
    const { filters, kernel_size, padding, strides, data_format, use_bias } = configOf(conv);
    assert.deepEqual([filters, kernel_size, padding, strides], [4, [3, 2], 'same', [2, 2]]);
    assert.deepEqual([data_format, use_bias], ['channels_last', false]);
    assert.equal(configOf(drop)['rate'], 0.25);
    assert.deepEqual([configOf(lstm)['units'], configOf(lstm)['recurrent_activation']], [3, 'hard_sigmoid']);
    assert.equal(configOf(dense)['units'], 2);
  });

  it('choose the layer that computes what the settings ask for', () => {
    const start = { batch_input_shape: [null, 8, 8, 4] };
    const typeOf = (type: string, config: Json, from: 'keras' | 'tfjs' = 'keras'): unknown =>
      layersOf(sequential(layer(type, { name: 'x', ...start, ...config })), from)[0]?.['class_name'];
    assert.equal(typeOf('GRU', { units: 2, reset_after: true }), 'GRUResetAfter');
    assert.equal(typeOf('GRU', { units: 2, reset_after: false }), 'GRU');
    assert.equal(typeOf('GRU', { units: 2, reset_after: true }, 'tfjs'), 'GRUResetAfter');
    assert.equal(typeOf('Conv2D', { groups: 2 }), 'GroupedConv2D');
    assert.equal(typeOf('DepthwiseConv2D', { dilation_rate: [2, 2] }), 'DilatedDepthwiseConv2D');
    assert.equal(typeOf('DepthwiseConv2D', { dilation_rate: [2, 2] }, 'tfjs'), 'DepthwiseConv2D');
    assert.equal(typeOf('UpSampling2D', { interpolation: 'bilinear' }), 'BilinearUpSampling2D');
    assert.equal(typeOf('UpSampling2D', { interpolation: 'bilinear' }, 'tfjs'), 'UpSampling2D');
    assert.equal(typeOf('ReLU', { negative_slope: 0.1 }), 'ReLUWithSlope');
  });

  it('that TensorFlow.js reads by itself stay as they are but for how weights start, and so does what was converted', () => {
    const stock = sequential(
      layer('Dense', {
        name: 'a',
        units: 3,
        batch_input_shape: [null, 4],
        activation: 'relu',
        dtype: 'float32',
        kernel_initializer: { class_name: 'VarianceScaling', config: { scale: 1, seed: null } },
        kernel_regularizer: null,
        trainable: true,
      }),
    );
    const [[given], [kept]] = [configOf(stock)['layers'] as Json[], layersOf(stock, 'tfjs')];
    const started = { ...(given?.['config'] as Json), kernel_initializer: layer('Zeros', {}) };
    assert.deepEqual([kept?.['class_name'], kept?.['config']], [given?.['class_name'], started]);
    const model = functional([input3(), dense3('d', tensor('in'))], ['in', 0, 0], ['d', 0, 0]);
    const once = tfjsTopology(model, 'm.keras');
    assert.deepEqual(tfjsTopology(once, 'm.json', 'tfjs'), once);
    assert.deepEqual(tfjsTopology(once, 'm.json'), once);
  });

  it('are refused where layers cannot be read, all in one sentence', () => {
    const lambda = layer(
      'Lambda',
      { name: 'l', function: { class_name: '__lambda__', config: { code: '4wEA' } } },
      called(tensor('in')),
    );
    const attention = layer('MultiHeadAttention', { name: 'heads' }, called(tensor('l'), tensor('l')));
    const own = layer('Mine', { name: 'mine' }, { module: '__main__', ...called(tensor('heads')) });
    const slice = layer(
      'GetItem',
      { name: 'get' },
      { module: 'keras.src.ops.numpy', ...called(tensor('mine'), 0) },
    );
    refuses(
      functional([input3(), lambda, attention, own, slice], ['in', 0, 0], ['get', 0, 0]),
      /^m\.keras cannot be analysed: the layer l is a Lambda, whose Python code is not run; the layer heads is of the type MultiHeadAttention, which is not supported; the layer mine is of the type Mine, which is code of its author's own; the layer get is the operation GetItem, which no layer computes\.$/,
    );
    refuses(
      layer('MyModel', { name: 'm' }, { module: '__main__' }),
      /its class MyModel is code of its author's own/,
    );
    refuses(sequential(layer('Dense', { name: 'd', units: 2 })), /the layer d has no input shape/);
    refuses(
      sequential(layer('Dense', { name: 'd', batch_input_shape: [null, 2], units: 2, activation: 'mine' })),
      /the layer d has the activation mine, which is not known/,
    );
  });

  it('are refused where they are damaged, in bounded time', () => {
    const end = ['d', 0, 0];
    refuses({}, /description of the model is damaged: a layer has no class/);
    refuses(sequential(), /has no layers/);
    refuses(
      functional([input3(), dense3('d', tensor('d'))], ['in', 0, 0], end),
      /d waits for its own output/,
    );
    refuses(
      functional([input3(), dense3('d', tensor('gone'))], ['in', 0, 0], end),
      /reads what no layer gives/,
    );
    refuses(
      functional([input3(), dense3('d', tensor('in', 5))], ['in', 0, 0], end),
      /reads what no layer gives/,
    );
    refuses(functional([input3()], ['in', 0, 0], end), /nothing gives its output d/);
    refuses(functional([input3()], [], []), /does not tell its inputs/);
    refuses(functional([input3(), input3()], ['in', 0, 0], end), /two of its layers are called in/);
    const loop = [dense3('a', tensor('b')), dense3('b', tensor('a'))];
    refuses(functional([input3(), ...loop], ['in', 0, 0], ['a', 0, 0]), /waits for its own output/);
    for (const type of ['constructor', '__proto__', 'Zeros', 'Adam']) {
      refuses(sequential(layer(type, { name: 'x', batch_input_shape: [null, 2] })), /is not supported/);
    }
    let deep: unknown = 1;
    for (let level = 0; level < 100_000; level++) deep = [deep];
    refuses(sequential(layer('Dense', { name: 'd', deep })), /nested more than 200 levels/);
    refuses(sequential(...Array.from({ length: 30_000 }, () => layer('Dense', {}))), /too many layers/);
  });
});
