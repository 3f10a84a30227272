import { t } from '@vscode/l10n';
import type { VNode } from 'preact';
import type { StudyState } from '../../src/protocol/webview';
import { Button } from '../shared/controls';

/** What the user must know before reading the pictures: errors, a stale run, a slower backend. */
export function Banners({
  state,
  onShowLog,
  onSetUpNative,
}: {
  readonly state: StudyState;
  readonly onShowLog: () => void;
  readonly onSetUpNative: () => void;
}): VNode {
  const { notice, stale, record } = state;
  const failed = record?.status === 'failed' && notice?.severity !== 'error' ? record.error : null;
  const fallback = record?.backend.fallback ?? null;
  return (
    <div class="banners" aria-live="polite">
      {notice !== null && (
        <Banner severity={notice.severity} text={notice.text}>
          {notice.severity === 'error' && <ShowLog onClick={onShowLog} />}
        </Banner>
      )}
      {failed !== null && (
        <Banner severity="error" text={failed}>
          <ShowLog onClick={onShowLog} />
        </Banner>
      )}
      {stale !== null && <Banner severity="warning" text={stale} />}
      {fallback !== null && (
        <Banner severity="info" text={t('Computed with WebAssembly: {0}', fallback)}>
          <Button icon="desktop-download" onClick={onSetUpNative}>
            {t('Set Up Native TensorFlow')}
          </Button>
        </Banner>
      )}
    </div>
  );
}

const ICONS = { info: 'info', warning: 'warning', error: 'error' } as const;

function Banner({
  severity,
  text,
  children,
}: {
  readonly severity: 'info' | 'warning' | 'error';
  readonly text: string;
  readonly children?: VNode | false;
}): VNode {
  return (
    <div class={`banner banner-${severity}`} role={severity === 'error' ? 'alert' : 'status'}>
      <span class={`codicon codicon-${ICONS[severity]}`} aria-hidden="true" />
      <p>{text}</p>
      {children}
    </div>
  );
}

function ShowLog({ onClick }: { readonly onClick: () => void }): VNode {
  return (
    <Button icon="output" onClick={onClick}>
      {t('Show Log')}
    </Button>
  );
}
