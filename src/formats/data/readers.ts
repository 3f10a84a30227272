import { arrayReader } from './arrays';
import { openCsv } from './csvTable';
import { detectDataFormat, type DataFormat } from './dataFormat';
import type { DataReader, ReadingChoices } from './dataReader';
import { imageFolderReader } from './images/imageFolder';
import { openJson, openJsonLines } from './json';
import { openParquet } from './parquet/parquetTable';
import type { LabelSet } from './labels';
import { tableReader } from './tables';
import { openTfRecord } from './tfrecord/tfRecordTable';

/** What reads each format: a new format is a word in {@link DataFormat}, how it is told, and a line here. */
export const READERS: Readonly<Record<DataFormat, DataReader>> = {
  idx: arrayReader('idx'),
  'idx.gz': arrayReader('idx.gz'),
  npy: arrayReader('npy'),
  npz: arrayReader('npz'),
  hdf5: arrayReader('hdf5'),
  csv: tableReader(openCsv),
  json: tableReader(openJson),
  jsonl: tableReader(openJsonLines),
  parquet: tableReader(openParquet),
  tfrecord: tableReader(openTfRecord),
  folder: imageFolderReader(labelsIn),
};

/** Labels that stand in a file of their own. */
async function labelsIn(file: string, choices: ReadingChoices): Promise<LabelSet> {
  return READERS[await detectDataFormat(file)].labels({ file, array: null }, choices);
}
