import { basename } from 'node:path';
import { Failure } from '../../protocol/failure';
import type { ElementType } from '../data/elements';
import { openFile, type Library, type OpenFile } from './library';
import { elementOf, isText, textsOrNumbers, withMemory, type Metadata } from './values';

/** What an attribute holds: a number or a text, or many of them in C order. */
export type AttributeValue = number | string | readonly number[] | readonly string[];

/** What stands in a group under a name: `elsewhere` is a link that leads out of the file or nowhere. */
export interface Hdf5Member {
  readonly name: string;
  readonly kind: 'group' | 'dataset' | 'elsewhere' | 'other';
}

/** An array in an HDF5 file: described, not yet read. */
export interface Hdf5Dataset {
  /** From the root, without a slash in front: `model_weights/dense/kernel`. */
  readonly path: string;
  /** Empty for a single value. */
  readonly shape: readonly number[];
  /** Null for elements that are not numbers. */
  readonly element: ElementType | null;
  /** Its elements are texts: {@link Hdf5File.strings} reads them. */
  readonly text: boolean;
}

/** Most objects that are listed of one file, and how deep they lie. */
const MOST_OBJECTS = 20_000;
const DEEPEST = 32;
/** Largest attribute, and the most that is read at once (bytes). */
const LARGEST_ATTRIBUTE = 2 ** 26;
const LARGEST_READ = 2 ** 28;
/** Deflate packs no tighter than this: an array that claims more of its file is refused. */
const BEST_RATIO = 1032;

/**
 * Opens an HDF5 file for reading; {@link Hdf5File.close} it. It is read in parts, never whole.
 * @param content its bytes, where they are in memory; `file` is then only for messages
 * @throws Failure when it is missing or not HDF5
 */
export async function openHdf5(file: string, content?: Uint8Array): Promise<Hdf5File> {
  return new Hdf5File(file, await openFile(file, content));
}

/** Whether these first bytes are those of an HDF5 file (without a user block). */
export function isHdf5(start: Uint8Array): boolean {
  return Buffer.from(start.subarray(0, 8)).toString('latin1') === '\x89HDF\r\n\x1a\n';
}

/** An open HDF5 file. Paths go from the root and have no slash in front; '' is the root. */
export class Hdf5File {
  constructor(
    readonly file: string,
    private readonly open: OpenFile,
  ) {}

  close(): void {
    this.open.close();
  }

  /**
   * The members of a group, in the order they were made where the file keeps it, else by name.
   * @throws Failure when it is damaged
   */
  members(group: string): Hdf5Member[] {
    return this.ask((library, id) =>
      library
        .get_names(id, `/${group}`, false)
        .map((name) => ({ name, kind: kindAt(library, id, join(group, name)) })),
    );
  }

  /** What stands at a path; null: nothing. */
  kind(path: string): Hdf5Member['kind'] | null {
    return this.ask((library, id) => (path === '' ? 'group' : kindAt(library, id, path, null)));
  }

  /** The names of the attributes of a group or dataset. */
  attributeNames(path: string): string[] {
    return this.ask((library, id) => library.get_attribute_names(id, `/${path}`));
  }

  /**
   * An attribute of a group or dataset; null where there is none.
   * @throws Failure when it is damaged, larger than 64 MiB, or holds neither numbers nor texts
   */
  attribute(path: string, name: string): AttributeValue | null {
    return this.ask((library, id) => {
      if (!library.get_attribute_names(id, `/${path}`).includes(name)) return null;
      const metadata = library.get_attribute_metadata(id, `/${path}`, name);
      const bytes = metadata.size * metadata.total_size;
      if (metadata.shape === null || bytes === 0) return [];
      if (!(bytes <= LARGEST_ATTRIBUTE)) throw this.tooLarge(`the attribute ${name}`, bytes);
      const values = withMemory(library, bytes, (at) => {
        if (library.get_attribute_data(id, `/${path}`, name, BigInt(at)) < 0) throw new Error('Not read');
        const free = (): unknown => library.reclaim_vlen_memory(id, `/${path}`, name, BigInt(at));
        return textsOrNumbers(library, metadata, at, bytes, free);
      });
      if (values === null) {
        throw new Failure(
          `The attribute ${name} in ${basename(this.file)} holds neither numbers nor texts.`,
          {
            file: this.file,
          },
        );
      }
      return metadata.shape.length === 0 ? (values[0] ?? []) : values;
    });
  }

  /**
   * All datasets of the file, as {@link members} orders them; what a link leads to is listed under the link's name.
   * @throws Failure when it holds more than 20,000 objects or groups that contain themselves
   */
  datasets(): Hdf5Dataset[] {
    const found: Hdf5Dataset[] = [];
    let objects = 0;
    const visit = (group: string, depth: number): void => {
      for (const { name, kind } of this.members(group)) {
        if (++objects > MOST_OBJECTS || depth > DEEPEST) {
          throw new Failure(
            `${basename(this.file)} holds too many groups, or groups that contain themselves; it is not read.`,
            { file: this.file },
          );
        }
        if (kind === 'group') visit(join(group, name), depth + 1);
        else if (kind === 'dataset') found.push(this.dataset(join(group, name)));
      }
    };
    visit('', 0);
    return found;
  }

  /**
   * How many numbers all its arrays hold together, as far as the file is large enough for them.
   * @throws Failure as {@link datasets} does
   */
  numbers(): number {
    const most = this.open.size * BEST_RATIO;
    return this.datasets().reduce((sum, { shape, element }) => {
      const count = element === null ? 0 : shape.reduce((size, axis) => size * axis, 1);
      return count <= most ? sum + count : sum;
    }, 0);
  }

  /**
   * Describes the dataset at a path.
   * @throws Failure when there is none, or it claims more than the file can hold, or keeps its numbers elsewhere
   */
  dataset(path: string): Hdf5Dataset {
    const metadata = this.metadata(path);
    const element = elementOf(metadata);
    return { path, shape: metadata.shape ?? [0], element, text: isText(metadata) };
  }

  /**
   * The bytes of some rows (of all, for a single value): whole elements, little-endian, in C order.
   * @param first index of the first row along the first axis
   * @throws Failure when the file is damaged, or they are not numbers
   */
  read(dataset: Hdf5Dataset, first = 0, count = dataset.shape[0] ?? 1): Uint8Array {
    const { path, shape, element } = dataset;
    if (element === null) {
      throw new Failure(`${path} in ${basename(this.file)} holds no numbers.`, { file: this.file });
    }
    this.checkClaim(path, this.metadata(path));
    const rowShape = shape.slice(1);
    const width = rowShape.reduce((size, axis) => size * axis, element.size);
    if (width > LARGEST_READ) throw this.tooLarge(`one row of ${path}`, width);
    const content = new Uint8Array(count * width);
    const step = Math.max(1, Math.floor(LARGEST_READ / Math.max(1, width)));
    for (let row = 0; row < count && width > 0; row += step) {
      const rows = Math.min(step, count - row);
      const part = this.readRows(
        path,
        shape.length === 0 ? null : [first + row, ...rowShape.map(() => 0)],
        [rows, ...rowShape],
        rows * width,
      );
      content.set(part, row * width);
    }
    return content;
  }

  /**
   * Some texts of a dataset of texts.
   * @throws Failure when the file is damaged, or they are no texts
   */
  strings(dataset: Hdf5Dataset, first = 0, count = dataset.shape[0] ?? 1): string[] {
    const { path, shape } = dataset;
    const metadata = this.metadata(path);
    this.checkClaim(path, metadata);
    const offset = shape.length === 0 ? null : shape.map((_, axis) => (axis === 0 ? first : 0));
    const extent = shape.map((size, axis) => (axis === 0 ? count : size));
    const bytes = extent.reduce((size, axis) => size * axis, metadata.size);
    if (bytes > LARGEST_READ) throw this.tooLarge(path, bytes);
    if (bytes === 0) return [];
    return this.ask((library, id) => {
      const extents = extent.map(BigInt);
      return withMemory(library, bytes, (at) => {
        const status = library.get_dataset_data(id, `/${path}`, ...selection(offset, extent), BigInt(at));
        if (status < 0) throw new Error('Not read');
        const free = (): unknown =>
          offset === null
            ? library.reclaim_vlen_memory(id, `/${path}`, '', BigInt(at))
            : library.reclaim_vlen_memory_count(id, `/${path}`, '', BigInt(at), extents);
        const values = textsOrNumbers(library, metadata, at, bytes, free) ?? [];
        if (!values.every((value) => typeof value === 'string')) {
          throw new Failure(`${path} in ${basename(this.file)} holds no texts.`, { file: this.file });
        }
        return values;
      });
    });
  }

  private readRows(path: string, offset: number[] | null, extent: number[], bytes: number): Uint8Array {
    return this.ask((library, id) =>
      withMemory(library, bytes, (at) => {
        const status = library.get_dataset_data(id, `/${path}`, ...selection(offset, extent), BigInt(at));
        if (status < 0) throw this.notRead(library, id, path);
        return library.HEAPU8.slice(at, at + bytes);
      }),
    );
  }

  private notRead(library: Library, id: bigint, path: string): Error {
    const filter = library
      .get_dataset_filters(id, `/${path}`)
      .find(({ id: code }) => code > MOST_KNOWN_FILTER);
    if (filter === undefined) return new Error('Not read');
    const name = filter.name === '' ? String(filter.id) : filter.name;
    return new Failure(
      `${path} in ${basename(this.file)} is packed with ${name}, which is not read: save it again with gzip or unpacked.`,
      { file: this.file },
    );
  }

  private metadata(path: string): Metadata {
    return this.ask((library, id) => {
      const kind = kindAt(library, id, path, null);
      if (kind === 'elsewhere') {
        throw new Failure(
          `${path} in ${basename(this.file)} is a link to another file, which is not followed: copy it into this file.`,
          { file: this.file },
        );
      }
      if (kind !== 'dataset') {
        throw new Failure(`There is no array ${path} in ${basename(this.file)}.`, { file: this.file });
      }
      return library.get_dataset_metadata(id, `/${path}`);
    });
  }

  /** Refuses an array whose size its file cannot hold, before any memory is taken. */
  private checkClaim(path: string, metadata: Metadata): void {
    const name = basename(this.file);
    if (metadata.virtual_sources !== undefined) {
      throw new Failure(`${path} in ${name} is put together from other files, which are not read.`, {
        file: this.file,
      });
    }
    const bytes = metadata.total_size * metadata.size;
    const packed = this.ask((library, id) => library.get_dataset_filters(id, `/${path}`).length > 0);
    const most = this.open.size * (packed ? BEST_RATIO : 1);
    const chunk = (metadata.chunks ?? []).reduce((size, axis) => size * axis, metadata.size);
    if (!(bytes <= most) || chunk > LARGEST_READ * 4) throw this.tooLarge(path, Math.max(bytes, chunk));
  }

  private tooLarge(what: string, bytes: number): Failure {
    return new Failure(
      `${basename(this.file)} is damaged, or not whole: ${what} claims ${bytes} bytes, the file has ${this.open.size}.`,
      { file: this.file },
    );
  }

  private ask<T>(question: (library: Library, id: bigint) => T): T {
    return this.open.use(`${basename(this.file)} is damaged: it cannot be read as HDF5.`, question);
  }
}

/** Filters up to this number come with the library. */
const MOST_KNOWN_FILTER = 6;

function kindAt(library: Library, id: bigint, path: string): Hdf5Member['kind'];
function kindAt(library: Library, id: bigint, path: string, none: null): Hdf5Member['kind'] | null;
function kindAt(library: Library, id: bigint, path: string, none?: null): Hdf5Member['kind'] | null {
  switch (library.get_type(id, `/${path}`)) {
    case library.H5G_GROUP:
      return 'group';
    case library.H5G_DATASET:
      return 'dataset';
    case library.H5G_LINK:
    case library.H5G_UDLINK:
      return 'elsewhere';
    case library.H5G_TYPE:
      return 'other';
    default:
      return none === null ? null : 'other';
  }
}

function selection(
  offset: number[] | null,
  extent: number[],
): [bigint[] | null, bigint[] | null, bigint[] | null] {
  if (offset === null) return [null, null, null];
  return [extent.map(BigInt), offset.map(BigInt), extent.map(() => 1n)];
}

function join(group: string, name: string): string {
  return group === '' ? name : `${group}/${name}`;
}
