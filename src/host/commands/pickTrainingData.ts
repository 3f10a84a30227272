import { basename, join } from 'node:path';
import * as vscode from 'vscode';
import type { DataCandidate } from '../../protocol/study';
import type { TrainingOptions, TrainingSource } from '../../protocol/training';
import { fileOf } from '../names';
import { Throttle } from '../throttle';
import type { DataFinder } from './dataFinder';
import { candidateItem, type DataItem } from './dataItems';

/** What networks are trained and tested on. */
export type TrainingData = Pick<TrainingOptions, 'train' | 'test'>;

/** Between two drawings of a list that is being filled, milliseconds. */
const REDRAW_MS = 200;

interface TrainingItem extends DataItem {
  readonly data?: TrainingData;
  readonly candidate?: DataCandidate;
}

/**
 * Asks on what data an experiment trains its networks: the sample digits, or what the workspace has. Undefined when the
 * user turned away.
 */
export async function pickTrainingData(
  sample: string | null,
  finder: DataFinder,
): Promise<TrainingData | undefined> {
  const found: DataCandidate[] = [];
  const item = await showPick(sample, finder, found);
  if (item?.data !== undefined) return item.data;
  if (item?.candidate === undefined) return undefined;
  const train = sourceOf(item.candidate);
  const test = await pickTest(item.candidate, found);
  return test === undefined ? undefined : { train, test };
}

/** The digits that the extension carries. */
export function sampleDigits(folder: string): TrainingData {
  const source = (name: string): TrainingSource => ({
    data: `${join(folder, name)}#x`,
    labels: `${join(folder, name)}#y`,
  });
  return { train: source('train.npz'), test: source('test.npz') };
}

/** @param found filled with what the workspace has */
function showPick(
  sample: string | null,
  finder: DataFinder,
  found: DataCandidate[],
): Promise<TrainingItem | undefined> {
  const { l10n } = vscode;
  const pick = vscode.window.createQuickPick<TrainingItem>();
  const digits: TrainingItem[] =
    sample === null
      ? []
      : [
          {
            label: l10n.t('$(symbol-numeric) Sample Digits'),
            description: l10n.t('handwritten digits that come with Neuron Deletion'),
            data: sampleDigits(sample),
          },
        ];
  const update = (): void => {
    const [active] = pick.activeItems;
    const rows = found.map((candidate): TrainingItem => {
      const { choice: _, ...row } = candidateItem(candidate);
      return { ...row, candidate };
    });
    const heading = { label: l10n.t('in the workspace'), kind: vscode.QuickPickItemKind.Separator };
    pick.items = rows.length === 0 ? digits : [...digits, heading, ...rows];
    const same = active && pick.items.find(({ label, description, detail }) => {
      return label === active.label && description === active.description && detail === active.detail;
    }); // prettier-ignore
    if (same !== undefined) pick.activeItems = [same];
  };
  const redraw = new Throttle(REDRAW_MS, update);
  const search = new AbortController();
  pick.title = l10n.t('Data to Train on');
  pick.placeholder = l10n.t('Looking for data in the workspace…');
  pick.matchOnDescription = true;
  pick.matchOnDetail = true;
  pick.keepScrollPosition = true;
  pick.busy = true;
  update();
  return new Promise<TrainingItem | undefined>((resolve, reject) => {
    const show = (all: readonly DataCandidate[]): void => {
      found.splice(0, found.length, ...all.filter(({ class_counts }) => class_counts.length > 1));
      redraw.trigger();
    };
    finder.search(null, show, search.signal).then(() => {
      redraw.dispose();
      update();
      pick.busy = false;
      pick.placeholder = l10n.t('Labelled data on which small networks are trained');
    }, reject);
    pick.onDidAccept(() => resolve(pick.selectedItems[0]));
    pick.onDidHide(() => resolve(undefined));
    pick.show();
  }).finally(() => {
    search.abort();
    redraw.dispose();
    pick.dispose();
  });
}

/** Asks for data to test on, where there is more of the same kind; null: a part of the data trained on is held back. */
async function pickTest(
  train: DataCandidate,
  found: readonly DataCandidate[],
): Promise<TrainingSource | null | undefined> {
  const { l10n } = vscode;
  const others = found.filter((other) => isSameKind(train, other));
  if (others.length === 0) return null;
  const held = {
    label: l10n.t('$(split-horizontal) A Fifth of {0}', basename(fileOf(train.data))),
    description: l10n.t('held back from training'),
    candidate: null,
  };
  const items = [held, ...others.map((candidate) => ({ ...candidateItem(candidate), candidate }))];
  const chosen = await vscode.window.showQuickPick(items, { title: l10n.t('Data to Test on') });
  if (chosen === undefined) return undefined;
  return chosen.candidate === null ? null : sourceOf(chosen.candidate);
}

/** May networks trained on the one be tested on the other? */
function isSameKind(train: DataCandidate, other: DataCandidate): boolean {
  const labels = new Set(train.class_counts.map(({ label }) => label));
  return (
    fileOf(other.data) !== fileOf(train.data) &&
    other.shape.join() === train.shape.join() &&
    other.dtype === train.dtype &&
    other.class_counts.every(({ label }) => labels.has(label))
  );
}

function sourceOf({ data, labels, label_column }: DataCandidate): TrainingSource {
  return {
    data,
    ...(labels === undefined ? {} : { labels }),
    ...(label_column === undefined ? {} : { label_column }),
  };
}
