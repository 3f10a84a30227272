import { stat } from 'node:fs/promises';
import * as vscode from 'vscode';
import type { DataCandidate, ModelInfo, SpecFile, StudySpec } from '../../protocol/study';
import { fileOf, modelName } from '../names';
import { rankCandidates } from '../rankCandidates';
import { Throttle } from '../throttle';
import type { DataFinder } from './dataFinder';
import {
  candidateItem,
  dataItems,
  foundLater,
  rowKey,
  type DataChoice,
  type DataItem,
  type SearchStage,
} from './dataItems';
import { grownRows } from './grownRows';
import { pickScale, scaleName } from './pickScale';

/** Between two drawings of a list that is being filled. */
const REDRAW_MS = 100;
/** From the first find on: what is found until then is put in order; what comes later is put below it. */
const FIRST_MS = 700;
/** Browsing is offered by then, also where nothing has been found. */
const BROWSE_MS = 8000;

/** What the user chose. */
export interface PickedData extends DataChoice {
  readonly scale: StudySpec['scale'];
}

/**
 * Asks for the data of a study: offers what the workspace has while it is being found.
 * @param reading the model, which may still be read; its failure ends the pick and is thrown
 */
export async function pickData(
  model: string,
  reading: Promise<ModelInfo>,
  spec: SpecFile | null,
  finder: DataFinder,
): Promise<PickedData | undefined> {
  const last = await lastUsed(spec);
  let scale = spec?.scale ?? 'auto';
  for (;;) {
    const answer = await showPick(model, reading, last, scale, finder);
    if (answer === 'scale') scale = (await pickScale(scale)) ?? scale;
    else if (answer === 'file' || answer === 'folder') {
      const choice = await browse(answer, await reading, finder);
      if (choice !== undefined) return { ...choice, scale };
    } else return answer === undefined ? undefined : { ...answer, scale };
  }
}

async function lastUsed(spec: SpecFile | null): Promise<DataChoice | null> {
  const { data, labels, label_column } = spec ?? {};
  if (data === undefined) return null;
  const exists = await stat(fileOf(data)).then(
    () => true,
    () => false,
  );
  if (!exists) return null;
  return {
    data,
    ...(labels === undefined ? {} : { labels }),
    ...(label_column === undefined ? {} : { label_column }),
  };
}

/** What comes of a showing of the pick: data, or what the user wants to do first. */
type Answer = DataChoice | 'scale' | 'file' | 'folder';

/** One showing of the pick, until something is chosen or the scaling button is pressed. */
function showPick(
  model: string,
  reading: Promise<ModelInfo>,
  last: DataChoice | null,
  scale: StudySpec['scale'],
  finder: DataFinder,
): Promise<Answer | undefined> {
  const pick = vscode.window.createQuickPick<DataItem>();
  const browseFile: DataItem = { label: vscode.l10n.t('$(file) Browse for a File…'), alwaysShow: true };
  const browseFolder: DataItem = {
    label: vscode.l10n.t('$(folder-opened) Browse for a Folder of Pictures…'),
    alwaysShow: true,
  };
  const scaling: vscode.QuickInputButton = {
    iconPath: new vscode.ThemeIcon('settings-gear'),
    tooltip: vscode.l10n.t('Choose scaling… (now: {0})', scaleName(scale)),
  };
  const search = new AbortController();
  let info: ModelInfo | null = null;
  let candidates: readonly DataCandidate[] = [];
  let stage: SearchStage = 'beginning';

  const update = (): void => {
    const [active] = pick.activeItems;
    const browse = stage === 'beginning' ? [] : [browseFile, browseFolder];
    const now = [...dataItems(info, candidates, last, stage), ...browse];
    pick.items = grownRows(pick.items, now, foundLater(), rowKey, isHeading);
    const same = active && pick.items.find((item) => rowKey(item) === rowKey(active));
    if (same !== undefined) pick.activeItems = [same];
  };
  pick.title = vscode.l10n.t('Labelled Data for {0}', modelName(model));
  pick.placeholder = vscode.l10n.t('Looking for data in the workspace…');
  pick.matchOnDescription = true;
  pick.matchOnDetail = true;
  pick.buttons = [scaling];
  pick.busy = true;
  // Rows are only added, below.
  pick.keepScrollPosition = true;
  update();
  const redraw = new Throttle(REDRAW_MS, update);
  const showRows = (): void => {
    stage = 'going on';
    redraw.trigger();
  };
  let firstRows = setTimeout(showRows, BROWSE_MS);
  let foundAny = false;

  return new Promise<Answer | undefined>((resolve, reject) => {
    const show = (all: readonly DataCandidate[], done: number, files: number): void => {
      candidates = all;
      pick.placeholder = vscode.l10n.t('Looking at data files: {0} of {1}', done, files);
      if (stage !== 'beginning') redraw.trigger();
      if (foundAny || info === null || rankCandidates(info, all).fitting.length === 0) return;
      foundAny = true;
      if (stage !== 'beginning') return;
      clearTimeout(firstRows);
      firstRows = setTimeout(showRows, FIRST_MS);
    };
    const found = finder.search({ path: model, reading }, show, search.signal);
    const read = reading.then((result) => {
      info = result;
    });
    Promise.all([found, read]).then(() => {
      clearTimeout(firstRows);
      stage = 'done';
      redraw.dispose();
      update();
      pick.busy = false;
      pick.placeholder = vscode.l10n.t(
        'Data with labels to measure the neurons on (scaling: {0})',
        scaleName(scale),
      );
    }, reject);
    pick.onDidTriggerButton(() => resolve('scale'));
    pick.onDidAccept(() => {
      const [item] = pick.selectedItems;
      if (item === browseFile) resolve('file');
      else if (item === browseFolder) resolve('folder');
      else if (item?.choice !== undefined) resolve(item.choice);
    });
    pick.onDidHide(() => resolve(undefined));
    pick.show();
  }).finally(() => {
    search.abort();
    clearTimeout(firstRows);
    redraw.dispose();
    pick.dispose();
  });
}

function isHeading(item: DataItem): boolean {
  return item.kind === vscode.QuickPickItemKind.Separator;
}

async function browse(
  what: 'file' | 'folder',
  model: ModelInfo,
  finder: DataFinder,
): Promise<DataChoice | undefined> {
  const files = await vscode.window.showOpenDialog({
    title:
      what === 'file'
        ? vscode.l10n.t('Choose Labelled Data')
        : vscode.l10n.t('Choose a Folder of Labelled Pictures'),
    canSelectFiles: what === 'file',
    canSelectFolders: what === 'folder',
  });
  const path = files?.[0]?.fsPath;
  if (path === undefined) return undefined;
  const options = { location: vscode.ProgressLocation.Window, title: vscode.l10n.t('Reading the data…') };
  const candidates = await vscode.window.withProgress(options, () => finder.inspect(path, model));
  const [only, ...others] = candidates;
  if (only !== undefined && others.length === 0) return candidateItem(only).choice;
  const item = await vscode.window.showQuickPick(
    candidates.map((candidate) => candidateItem(candidate)),
    { title: vscode.l10n.t('Which of these?') },
  );
  return item?.choice;
}
