import { t } from '@vscode/l10n';
import type { VNode } from 'preact';
import type { RefusedModel } from '../../src/protocol/study';
import { Button } from '../shared/controls';

/** Why a model cannot be analysed, and the command that helps, where there is one. */
export function Refused({ model: { problem, command } }: { readonly model: RefusedModel }): VNode {
  // The command has its own line.
  const sentence = command === null ? problem : problem.replace(` ${command}.`, '');
  return (
    <section class="refused" role="alert" aria-label={t('What stops an analysis')}>
      <span class="codicon codicon-error" aria-hidden="true" />
      <p>{sentence}</p>
      {command !== null && (
        <div class="command">
          <code>{command}</code>
          <Button icon="copy" onClick={() => void navigator.clipboard.writeText(command)}>
            {t('Copy')}
          </Button>
        </div>
      )}
    </section>
  );
}
