/** Bytes of a page of WebAssembly memory. */
const PAGE = 65536;
/** Pages a 32-bit memory may have: 4 GiB. What cannot be reserved at once is asked for in halves. */
const MOST_PAGES = 65536;
/** Blocks begin on cache lines, so that two threads never write to the same one. */
const ALIGNMENT = 64;
/** Address of the first block; below it the compiled kernels keep their own data. */
const FIRST = PAGE;

interface Block {
  readonly address: number;
  readonly bytes: number;
}

/**
 * Hands out parts of one shared WebAssembly memory, which grows as needed. Views are of the memory as it is: take
 * them anew after an allocation.
 */
export class Arena {
  readonly memory: WebAssembly.Memory;
  private readonly mostPages: number;
  /** Neighbours are merged. */
  private free: Block[] = [];
  private readonly used = new Map<number, number>();
  private end = FIRST;

  constructor(mostPages = MOST_PAGES) {
    const { memory, pages } = reserve(mostPages);
    this.memory = memory;
    this.mostPages = pages;
  }

  /** Bytes that are handed out. */
  get allocated(): number {
    return [...this.used.values()].reduce((sum, bytes) => sum + bytes, 0);
  }

  /**
   * @returns the address of `bytes` bytes, a multiple of 64; their content is undefined
   * @throws RangeError if there is no more memory
   */
  allocate(bytes: number): number {
    const size = Math.max(ALIGNMENT, Math.ceil(bytes / ALIGNMENT) * ALIGNMENT);
    const index = this.free.findIndex((block) => block.bytes >= size);
    let address: number;
    if (index >= 0) {
      const block = this.free[index]!;
      address = block.address;
      const rest = { address: address + size, bytes: block.bytes - size };
      this.free.splice(index, 1, ...(rest.bytes > 0 ? [rest] : []));
    } else {
      address = this.end;
      this.growTo(address + size);
      this.end = address + size;
    }
    this.used.set(address, size);
    return address;
  }

  /** Takes back what {@link allocate} gave. */
  release(address: number): void {
    const bytes = this.used.get(address);
    if (bytes === undefined) throw new Error(`Nothing is allocated at ${address}`);
    this.used.delete(address);
    const before = this.free.find((block) => block.address + block.bytes === address);
    const after = this.free.find((block) => block.address === address + bytes);
    const merged = {
      address: before?.address ?? address,
      bytes: (before?.bytes ?? 0) + bytes + (after?.bytes ?? 0),
    };
    this.free = this.free.filter((block) => block !== before && block !== after);
    if (merged.address + merged.bytes === this.end) this.end = merged.address;
    else this.free.push(merged);
  }

  /** Runs `use` and takes back all that it allocated through its argument. */
  async within<T>(use: (allocate: Allocate) => Promise<T>): Promise<T> {
    const addresses: number[] = [];
    try {
      return await use((bytes) => {
        const address = this.allocate(bytes);
        addresses.push(address);
        return address;
      });
    } finally {
      for (const address of addresses) this.release(address);
    }
  }

  floats(address: number, length: number): Float32Array {
    return new Float32Array(this.memory.buffer, address, length);
  }

  doubles(address: number, length: number): Float64Array {
    return new Float64Array(this.memory.buffer, address, length);
  }

  integers(address: number, length: number): Int32Array {
    return new Int32Array(this.memory.buffer, address, length);
  }

  shorts(address: number, length: number): Uint16Array {
    return new Uint16Array(this.memory.buffer, address, length);
  }

  private growTo(bytes: number): void {
    const pages = Math.ceil(bytes / PAGE);
    const current = this.memory.buffer.byteLength / PAGE;
    if (pages <= current) return;
    if (pages > this.mostPages) throw new RangeError(`The kernels have no memory for ${bytes} bytes`);
    // By a quarter more, so that many small blocks do not grow it each.
    const wanted = Math.min(this.mostPages, Math.max(pages, Math.ceil(current * 1.25)));
    this.memory.grow(wanted - current);
  }
}

/** Allocates bytes that are taken back later; gives their address. */
export type Allocate = (bytes: number) => number;

function reserve(pages: number): { memory: WebAssembly.Memory; pages: number } {
  try {
    return { memory: new WebAssembly.Memory({ initial: 2, maximum: pages, shared: true }), pages };
  } catch (error) {
    if (pages <= 1024) throw error;
    return reserve(pages / 2);
  }
}
