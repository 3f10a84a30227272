import { computed, signal, type ReadonlySignal, type Signal } from '@preact/signals';
import type { UnitRef } from '../../src/protocol/study';
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

  readonly record = computed(() => this.state.value?.record ?? null);
  readonly progress = computed(() => this.state.value?.progress ?? null);

  /** Every unit of the run, in the order of the table. */
  readonly units: ReadonlySignal<readonly UnitRow[]> = computed(() =>
    (this.sites.value ?? [])
      .flatMap((site, siteIndex) =>
        Array.from({ length: site.units }, (_, unit) => ({ site: site.name, unit, siteIndex })),
      )
      .map((unit, row) => ({ ...unit, row })),
  );

  /** The selected unit's row, null for none. */
  readonly selected = computed(() => this.rowOf(this.state.value?.selection ?? null));

  /** Rows of the units that are switched off. */
  readonly deleted: ReadonlySignal<ReadonlySet<number>> = computed(() => {
    const rows = (this.state.value?.deletion.deleted ?? []).map((unit) => this.rowOf(unit));
    return new Set(rows.filter((row) => row !== null));
  });

  private readonly sites = computed(() => this.record.value?.sites);
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
        this.state.value = message.state;
        this.setTable(message.state.table);
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
        this.setTable(current);
        return;
      }
      case 'hover':
        this.hovered.value = this.rowOf(message.unit);
        return;
    }
  }

  /** Shows `unit` as selected at once; the host is told by the caller and has the last word. */
  select(unit: UnitRef | null): void {
    const before = this.state.value;
    if (before !== null) this.state.value = { ...before, selection: unit };
  }

  private rowOf(unit: UnitRef | null): number | null {
    const site = unit === null ? undefined : this.firstRow.value.get(unit.site);
    return unit === null || site === undefined || unit.unit >= site.units ? null : site.row + unit.unit;
  }

  /** For the first rows of a run that began while the panel was open. */
  private emptyTable(): UnitTable | null {
    const record = this.record.value;
    return record === null ? null : emptyUnitTable(this.units.value.length, record.classes.length);
  }

  private setTable(table: UnitTable | null): void {
    this.table.value = table === null ? null : { table, version: (this.table.value?.version ?? 0) + 1 };
  }
}
