import { open } from 'node:fs/promises';

/** Does this JSON file look like a TensorFlow.js model? Reads only its beginning. */
export async function looksLikeModel(path: string): Promise<boolean> {
  try {
    const file = await open(path, 'r');
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(4096), 0, 4096, 0);
      return /"(modelTopology|weightsManifest)"\s*:|"format"\s*:\s*"(layers|graph)-model"/.test(
        buffer.toString('utf8', 0, bytesRead),
      );
    } finally {
      await file.close();
    }
  } catch {
    return false;
  }
}
