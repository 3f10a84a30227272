import type { UnitRef } from '../protocol/study';
import { bySite, isUnitsBySite, unitsOf, type UnitsBySite } from '../runs/deletionSetsFile';

/** What the user has chosen in a run: which units are deleted, and which is selected. */
export interface Choice {
  readonly deleted: readonly UnitRef[];
  readonly selection: UnitRef | null;
}

/** Where it is kept: VS Code's memory of a workspace. */
export interface Memory {
  get(key: string): unknown;
  update(key: string, value: unknown): PromiseLike<void>;
}

/** One run's, as it is kept. */
interface Entry {
  readonly directory: string;
  readonly deleted: UnitsBySite;
  readonly selection: UnitRef | null;
}

const KEY = 'neuronDeletion.choices';

/** Runs whose choices are kept, the latest used. */
const MOST = 30;

/** The choices of the latest runs, kept over reloads and restarts. Knows nothing of VS Code. */
export class KeptChoices {
  constructor(private readonly memory: Memory) {}

  /** Null where nothing is kept of that run. */
  get(directory: string): Choice | null {
    const entry = this.entries().find((one) => one.directory === directory);
    return entry === undefined ? null : { deleted: unitsOf(entry.deleted), selection: entry.selection };
  }

  /** Keeps it; forgets the run whose choice was kept longest ago, where there are too many. */
  set(directory: string, { deleted, selection }: Choice): void {
    const others = this.entries().filter((entry) => entry.directory !== directory);
    const nothing = deleted.length === 0 && selection === null;
    const entries = nothing ? others : [...others, { directory, deleted: bySite(deleted), selection }];
    void this.memory.update(KEY, entries.slice(-MOST));
  }

  forget(directory: string): void {
    this.set(directory, { deleted: [], selection: null });
  }

  /** What other versions may have left is passed over. */
  private entries(): readonly Entry[] {
    const kept = this.memory.get(KEY);
    return Array.isArray(kept) ? kept.filter(isEntry) : [];
  }
}

function isEntry(value: unknown): value is Entry {
  if (typeof value !== 'object' || value === null) return false;
  const { directory, deleted, selection }: Partial<Record<keyof Entry, unknown>> = value;
  return typeof directory === 'string' && isUnitsBySite(deleted) && (selection === null || isUnit(selection));
}

function isUnit(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { site, unit }: Partial<Record<keyof UnitRef, unknown>> = value;
  return typeof site === 'string' && Number.isInteger(unit);
}
