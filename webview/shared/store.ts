import { batch, computed, signal, type ReadonlySignal, type Signal } from '@preact/signals';
import type { SiteInfo, UnitRef } from '../../src/protocol/study';
import { emptyUnitTable, mergeUnitRows, type UnitTable } from '../../src/protocol/units';
import type { StudyState, ToStudy } from '../../src/protocol/webview';

/** One row of the unit table: which unit it is. Row numbers are those of the {@link UnitTable}. */
export interface UnitRow extends UnitRef {
  readonly row: number;
  /** Index of its site in the record. */
  readonly siteIndex: number;
}

/** A table and how often it has changed: its arrays are written in place, so identity alone tells nothing. */
export interface VersionedTable {
  readonly table: UnitTable;
  readonly version: number;
}

/** Rows `from` … `to` − 1. */
export interface RowRange {
  readonly from: number;
  readonly to: number;
}

const ALL_ROWS: RowRange = { from: 0, to: Infinity };
/** How many changes of the table are remembered. */
const REMEMBERED = 32;

/**
 * All that the study panel shows. The host owns it: a snapshot replaces everything, changes replace fields,
 * unit rows are written into the table. Only the hovered unit and the keyboard's place are the view's own.
 */
export class StudyStore {
  /** Null until the first snapshot. */
  readonly state: Signal<StudyState | null> = signal(null);
  readonly table: Signal<VersionedTable | null> = signal(null);
  /** Row under the pointer or the keyboard's cursor, wherever that is; null for none. */
  readonly hovered: Signal<number | null> = signal(null);
  /** Row at which the keyboard stands in the pictures; stays while they have no focus. */
  readonly cursor: Signal<number> = signal(0);

  /** What has changed in the table, oldest first. */
  private changes: readonly (RowRange & { readonly version: number })[] = [];

  readonly record = computed(() => this.state.value?.record ?? null);
  readonly progress = computed(() => this.state.value?.progress ?? null);

  /** Every unit of the run, in the order of the table. */
  readonly units: ReadonlySignal<readonly UnitRow[]> = computed(() => {
    const units: UnitRow[] = [];
    (this.sites.value ?? []).forEach(({ name: site, units: count }, siteIndex) => {
      for (let unit = 0; unit < count; unit++) units.push({ site, unit, siteIndex, row: units.length });
    });
    return units;
  });

  /** The selected unit's row, null for none. */
  readonly selected = computed(() => this.rowOf(this.state.value?.selection ?? null));

  /** Rows of the units that are switched off. */
  readonly deleted: ReadonlySignal<ReadonlySet<number>> = computed(() => {
    const rows = (this.state.value?.deletion.deleted ?? []).map((unit) => this.rowOf(unit));
    return new Set(rows.filter((row) => row !== null));
  });

  /** The same array as long as sites and sizes are the same: every message brings a copy of the record. */
  private readonly sites = computed((): readonly SiteInfo[] | undefined => {
    const sites = this.record.value?.sites;
    const same =
      sites?.length === this.lastSites?.length &&
      sites?.every(({ name, units }, i) => {
        const last = this.lastSites?.[i];
        return last?.name === name && last.units === units;
      });
    return same === true ? this.lastSites : (this.lastSites = sites);
  });
  private lastSites: readonly SiteInfo[] | undefined;
  private readonly firstRow = computed(() => {
    const first = new Map<string, { readonly row: number; readonly units: number }>();
    let row = 0;
    for (const site of this.sites.value ?? []) {
      first.set(site.name, { row, units: site.units });
      row += site.units;
    }
    return first;
  });

  /** Takes in one message of the host. */
  receive(message: ToStudy): void {
    switch (message.type) {
      case 'snapshot':
        // At once: no view sees the sites of one run and the units of another.
        batch(() => {
          this.state.value = message.state;
          this.setTable(message.state.table, ALL_ROWS);
        });
        return;
      case 'change': {
        const before = this.state.value;
        if (before !== null) this.state.value = { ...before, ...message.change };
        return;
      }
      case 'units': {
        const current = this.table.value?.table ?? this.emptyTable();
        if (current === null || message.from + message.rows.rows > current.rows) return;
        mergeUnitRows(current, message.from, message.rows);
        this.setTable(current, { from: message.from, to: message.from + message.rows.rows });
        return;
      }
      case 'hover':
        this.hovered.value = this.rowOf(message.unit);
        return;
    }
  }

  /** The rows that have changed since a version of the table. */
  changedSince(version: number): RowRange {
    const now = this.table.peek()?.version ?? 0;
    if (version < now - REMEMBERED + 1) return ALL_ROWS;
    const later = this.changes.filter((change) => change.version > version);
    return {
      from: Math.min(...later.map(({ from }) => from)),
      to: Math.max(0, ...later.map(({ to }) => to)),
    };
  }

  /** Shows `unit` as selected at once; the host is told by the caller and has the last word. */
  select(unit: UnitRef | null): void {
    const before = this.state.value;
    if (before !== null) this.state.value = { ...before, selection: unit };
  }

  /** Shows these units as deleted at once; the host is told by the caller and has the last word. */
  showDeleted(units: readonly UnitRef[]): void {
    const before = this.state.value;
    if (before === null) return;
    const deletion = { ...before.deletion, deleted: units, evaluation: null, problem: null };
    this.state.value = { ...before, deletion };
  }

  /** Row of a unit; null for none, and where the run has no such unit. */
  rowOf(unit: UnitRef | null): number | null {
    const site = unit === null ? undefined : this.firstRow.value.get(unit.site);
    return unit === null || site === undefined || unit.unit >= site.units ? null : site.row + unit.unit;
  }

  /** For the first rows of a run that began while the panel was open. */
  private emptyTable(): UnitTable | null {
    const record = this.record.value;
    return record === null ? null : emptyUnitTable(this.units.value.length, record.classes.length);
  }

  private setTable(table: UnitTable | null, rows: RowRange): void {
    const version = (this.table.value?.version ?? 0) + 1;
    const kept = this.changes.filter((change) => change.version > version - REMEMBERED);
    this.changes = [...kept, { version, ...rows }];
    this.table.value = table === null ? null : { table, version };
  }
}
