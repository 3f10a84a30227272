import * as v from 'valibot';
import type { SiteInfo, UnitRef } from './study';
import { guardOf, name, unit, units, type Guard } from './validate';
import type { FromInspector, FromModelPage, FromStudy } from './webview';

/** Largest picture that is saved, bytes. */
export const MOST_PICTURE = 200e6;
/** Longest path. */
const MOST_PATH = 4096;

const nothing = v.object({});
const oneUnit = v.object({ unit: v.nullable(unit) });
const directory = v.pipe(v.string(), v.maxLength(MOST_PATH));
const picture = v.object({
  name,
  format: v.picklist(['png', 'svg']),
  content: v.pipe(
    v.instance(Uint8Array),
    v.check(({ byteLength }) => byteLength <= MOST_PICTURE),
  ),
});
const deletion = v.object({ unit, deleted: v.boolean() });

/** Of the study panel. */
export const isFromStudy: Guard<FromStudy> = guardOf<FromStudy>({
  ready: nothing,
  select: oneUnit,
  delete: deletion,
  setDeletion: v.object({ units }),
  restoreAll: nothing,
  undo: nothing,
  redo: nothing,
  saveSet: v.object({ name }),
  removeSet: v.object({ name }),
  saveWithout: nothing,
  hover: oneUnit,
  measure: v.object({ experiment: v.picklist(['curves', 'noise']) }),
  cancelMeasuring: nothing,
  addCurves: nothing,
  removeCurves: v.object({ directory }),
  exportRun: v.object({ format: v.picklist(['csv', 'json', 'html']) }),
  savePicture: picture,
  cancel: nothing,
  resume: nothing,
  setUpNative: nothing,
  showLog: nothing,
});

/** Of the unit inspector. */
export const isFromInspector: Guard<FromInspector> = guardOf<FromInspector>({
  ready: nothing,
  delete: deletion,
  select: oneUnit,
  hover: oneUnit,
});

/** Of the page of a model. */
export const isFromModelPage: Guard<FromModelPage> = guardOf<FromModelPage>({
  ready: nothing,
  analyze: nothing,
  readAgain: nothing,
});

/** Whether a run has every unit that a message names; none before its sites are known. */
export function namesKnownUnits(
  message: FromStudy | FromInspector,
  sites: readonly Pick<SiteInfo, 'name' | 'units'>[] | undefined,
): boolean {
  const named = unitsOf(message);
  if (named.length === 0) return true;
  const counts = new Map((sites ?? []).map((site) => [site.name, site.units]));
  return named.every(({ site, unit: index }) => index < (counts.get(site) ?? 0));
}

function unitsOf(message: FromStudy | FromInspector): readonly UnitRef[] {
  if ('units' in message) return message.units;
  return 'unit' in message && message.unit !== null ? [message.unit] : [];
}
