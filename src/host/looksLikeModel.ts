import { readStart } from '../formats/data/bytes';
import { describesModel } from '../formats/models/modelFormat';

/** Does this JSON file look like a model of TensorFlow.js or Keras? Reads only its beginning. */
export async function looksLikeModel(path: string): Promise<boolean> {
  try {
    return describesModel(await readStart(path, 4096));
  } catch {
    return false;
  }
}
