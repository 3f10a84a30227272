import type { ModelFormat } from './modelFormat';

const NAMES: Readonly<Record<ModelFormat, string>> = {
  'tfjs-layers': 'TensorFlow.js layers model',
  'tfjs-graph': 'TensorFlow.js graph model',
  'keras-h5': 'Keras model (HDF5)',
  'keras-weights': 'Keras weights and topology (HDF5, JSON)',
  'keras-topology': 'Keras weights and topology (HDF5, JSON)',
  'keras-zip': 'Keras model (.keras)',
  'saved-model': 'TensorFlow SavedModel',
  'frozen-graph': 'Frozen TensorFlow graph',
  tflite: 'TensorFlow Lite model',
  onnx: 'ONNX model',
  pytorch: 'PyTorch model',
  pickle: 'Python pickle',
  safetensors: 'Weights in safetensors',
};

/** What people call a format. */
export function formatName(format: ModelFormat): string {
  return NAMES[format];
}
