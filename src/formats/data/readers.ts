import { basename } from 'node:path';
import { Failure } from '../../protocol/failure';
import { arrayReader } from './arrays';
import { openCsv } from './csvTable';
import type { DataFormat } from './dataFormat';
import type { DataReader } from './dataReader';
import { tableReader } from './tables';

/** What reads each format: a new format is a word in {@link DataFormat}, how it is told, and a line here. */
export const READERS: Readonly<Record<DataFormat, DataReader>> = {
  idx: arrayReader('idx'),
  'idx.gz': arrayReader('idx.gz'),
  npy: arrayReader('npy'),
  npz: arrayReader('npz'),
  csv: tableReader(openCsv),
  folder: refusing(
    (folder) =>
      `${folder} is a folder: folders of images are planned, until then put the images into one array with ` +
      'numpy.savez("data.npz", x=images, y=labels).',
  ),
};

/** Recognises a format that is not read. */
function refusing(sentence: (file: string, name: string) => string): DataReader {
  const refuse = ({ file }: { readonly file: string }): Promise<never> =>
    Promise.reject(new Failure(sentence(file, basename(file)), { file }));
  return { inspect: refuse, open: refuse, labels: refuse };
}
