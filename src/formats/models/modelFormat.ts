/** What a model file is, told by its content. */
export type ModelFormat =
  /** TensorFlow.js layers model: a JSON with the topology, weight shards beside it. */
  | 'tfjs-layers'
  /** TensorFlow.js graph model. */
  | 'tfjs-graph'
  /** Keras 1 to 3: HDF5 with `model_config` and weights. */
  | 'keras-h5'
  /** Keras weights in HDF5, whose topology is a JSON file of its own. */
  | 'keras-weights'
  /** Keras topology in JSON, whose weights are an HDF5 file beside it. */
  | 'keras-topology'
  /** Keras 2.13+ and 3: a zip of config.json, metadata.json and model.weights.h5. */
  | 'keras-zip'
  /** Recognised, answered with how to convert them. */
  | 'saved-model'
  | 'tflite'
  | 'onnx'
  | 'pytorch'
  | 'safetensors';
