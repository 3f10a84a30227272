import type { Head } from '../network/network';

/**
 * Class probabilities from class scores: softmax of logits, both classes of a sigmoid's logit, or the scores
 * themselves where the network ends in probabilities.
 * @param scores `[rows, head.classes]`, for a sigmoid `[rows, 1]`
 * @returns `[rows, head.classes]`
 */
export function classProbabilities(head: Head, scores: Float32Array): Float32Array {
  if (head.kind === 'probabilities') return scores.slice();
  if (head.kind === 'sigmoid') {
    const both = new Float32Array(2 * scores.length);
    scores.forEach((z, n) => {
      both[2 * n] = 1 / (1 + Math.exp(z));
      both[2 * n + 1] = 1 / (1 + Math.exp(-z));
    });
    return both;
  }
  const { classes } = head;
  const result = new Float32Array(scores.length);
  for (let row = 0; row < scores.length; row += classes) {
    let top = -Infinity;
    for (let c = 0; c < classes; c++) top = Math.max(top, scores[row + c]!);
    let sum = 0;
    for (let c = 0; c < classes; c++) sum += Math.exp(scores[row + c]! - top);
    for (let c = 0; c < classes; c++) result[row + c] = Math.exp(scores[row + c]! - top) / sum;
  }
  return result;
}
