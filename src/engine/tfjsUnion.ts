/**
 * Stands in for `@tensorflow/tfjs` when tfjs-node's JavaScript is bundled: tfjs-node asks for the union package
 * but uses only its core, and the rest (WebGL, data, converter) would be dead weight.
 */
export * from '@tensorflow/tfjs-core';
