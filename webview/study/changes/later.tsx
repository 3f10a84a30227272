import { t } from '@vscode/l10n';
import type { VNode } from 'preact';
import type { StudyState } from '../../../src/protocol/webview';

/** Stands where a picture will be: what it waits for, or why it does not come. */
export function Later({ state }: { readonly state: StudyState }): VNode {
  const { deletion, progress } = state;
  const text =
    deletion.problem ?? (progress === null ? t('Measuring…') : t('This comes when the analysis is done.'));
  return (
    <p class="later" role="status">
      {text}
    </p>
  );
}
