import { t } from '@vscode/l10n';
import type { VNode } from 'preact';
import { curveColour } from '../../../../src/pictures/curves';
import { relationsOf, type Relation } from '../../../../src/pictures/relation';
import type { PictureTheme } from '../../../../src/pictures/theme';
import type { StudyState } from '../../../../src/protocol/webview';
import { NONE } from '../../../shared/format';
import { relationText } from './relationText';
import type { PlotChoice } from './scatterChoices';
import type { PlottedSite } from './scatterParts';

/** The sites' relations between two measures, or why there are none, in a sentence. */
export function relationsFor(
  state: StudyState,
  { x, y }: PlotChoice,
): readonly Relation[] | { readonly why: string } {
  if (x === y) return { why: t('Both axes show the same measure.') };
  if (state.correlations !== null) return relationsOf(state.correlations, x, y);
  const over = state.progress === null && state.record?.status === 'complete';
  return {
    why: over
      ? t('How the measures relate is not known of this run.')
      : t('How the measures relate is told when the run is complete.'),
  };
}

/** How strongly the two measures of a plot are related, site by site, in words. */
export function Relations({
  state,
  choice,
  sites,
  theme,
  bare = false,
}: {
  readonly state: StudyState;
  readonly choice: PlotChoice;
  readonly sites: readonly PlottedSite[];
  readonly theme: PictureTheme;
  /** Without the names of the sites, where they stand above. */
  readonly bare?: boolean;
}): VNode {
  const relations = relationsFor(state, choice);
  if ('why' in relations) return <p class="relations-none">{relations.why}</p>;
  return (
    <ul class="relations" aria-label={t('How the two are related')}>
      {sites.map(({ name, index }) => {
        const relation = relations.find(({ site }) => site === name);
        if (relation === undefined) return null;
        const { words, figures, caution } = relationText(relation);
        return (
          <li key={name} data-relation={relation.kind}>
            {!bare && (
              <span class="swatch" style={{ background: curveColour(index, theme) }} aria-hidden="true" />
            )}
            <span>
              {!bare && `${name}: `}
              <strong>{words}</strong>
              {figures !== '' && <span class="quiet"> ({figures})</span>}
              {caution !== null && <span class="relation-caution">{caution}</span>}
            </span>
          </li>
        );
      })}
    </ul>
  );
}

/** The same as lines of plain text, for pictures. */
export function relationLines(
  state: StudyState,
  choice: PlotChoice,
  sites: readonly PlottedSite[],
): readonly string[] {
  const relations = relationsFor(state, choice);
  if ('why' in relations) return sites.map(() => NONE);
  return sites.map(({ name }) => {
    const relation = relations.find(({ site }) => site === name);
    if (relation === undefined) return NONE;
    const { words, figures } = relationText(relation);
    return figures === '' ? words : `${words} (${figures})`;
  });
}
