// Compiles src/core/kernels/assembly (AssemblyScript) to one WebAssembly file, when its sources are newer.
//   node scripts/kernels.mjs [FILE]
import asc from 'assemblyscript/asc';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const repository = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const sources = path.join(repository, 'src/core/kernels/assembly');

/**
 * What is exported by the files directly in the folder becomes the kernels; all threads share one imported memory.
 * The stub runtime allocates nothing, and nothing is to be allocated: memory belongs to the caller.
 * @param {string} file where the module goes
 * @throws {Error} what the compiler says
 */
export async function buildKernels(file) {
  if (isUpToDate(file)) return;
  const entries = fs.readdirSync(sources).filter((name) => name.endsWith('.ts'));
  const unfinished = `${file}.${process.pid}`;
  fs.mkdirSync(path.dirname(file), { recursive: true });
  const options = [
    ...['--runtime', 'stub', '-O3', '--noAssert'],
    ...['--enable', 'simd', '--enable', 'threads'],
    ...['--importMemory', '--sharedMemory', '--initialMemory', '1', '--maximumMemory', '65536'],
  ];
  const { error, stderr } = await asc.main([
    ...entries.map((name) => path.relative(repository, path.join(sources, name))),
    ...['--baseDir', repository, '--outFile', path.relative(repository, unfinished)],
    ...options,
  ]);
  if (error !== null) throw new Error(`The kernels do not compile:\n${stderr.toString()}`);
  fs.renameSync(unfinished, file);
}

/** @param {string} file */
function isUpToDate(file) {
  const built = fs.statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const names = fs.readdirSync(sources, { recursive: true, encoding: 'utf8' });
  const inputs = [...names.map((name) => path.join(sources, name)), fileURLToPath(import.meta.url)];
  return inputs.every((input) => fs.statSync(input).mtimeMs < built);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await buildKernels(path.resolve(process.argv[2] ?? path.join(repository, 'dist/kernels.wasm')));
}
