import { useSignal } from '@preact/signals';
import { t } from '@vscode/l10n';
import type { ComponentChildren, VNode } from 'preact';
import { IconButton } from '../../shared/controls';
import { Menu } from '../../shared/menu';
import { asTsv } from '../../shared/twin/asTsv';
import type { Twin } from '../../shared/twin/twin';
import { TwinTable } from '../../shared/twin/twinTable';
import type { PictureView } from '../viewProps';
import { asPng, asSvg, type ExportedPicture } from './exportPicture';

/**
 * What every picture of the panel stands in: its title, its controls, its twin as a table, and what saves it. The
 * outer element has `data-picture`.
 */
export function PictureFrame({
  id,
  title,
  explanation,
  controls,
  twin,
  exported,
  view,
  children,
}: {
  /** Names it in files and tests. */
  readonly id: string;
  readonly title: string;
  readonly explanation?: ComponentChildren;
  /** Beside the title. */
  readonly controls?: ComponentChildren;
  /** Made when it is looked at or copied. */
  readonly twin: () => Twin;
  /** Made when it is saved; null while there is nothing to draw. */
  readonly exported: () => ExportedPicture | null;
  readonly view: PictureView;
  readonly children: ComponentChildren;
}): VNode {
  const { host, theme } = view;
  const asTable = useSignal(false);
  const copied = useSignal('');
  const save = async (format: 'png' | 'svg'): Promise<void> => {
    const picture = exported();
    if (picture === null) return;
    const content = format === 'png' ? await asPng(picture, theme.value) : asSvg(picture, theme.value, title);
    host.post({ type: 'savePicture', name: id, format, content });
  };
  const copy = async (): Promise<void> => {
    copied.value = await navigator.clipboard.writeText(asTsv(twin())).then(
      () => t('Copied'),
      () => t('Copying was refused'),
    );
    setTimeout(() => (copied.value = ''), 2000);
  };
  return (
    <figure class="frame" data-picture={id}>
      <figcaption class="frame-head">
        <div class="frame-title">
          <h2>{title}</h2>
          {explanation !== undefined && <p class="quiet">{explanation}</p>}
        </div>
        <div class="frame-controls">
          {controls}
          <span class="frame-buttons">
            <span class="unseen" role="status">
              {copied.value}
            </span>
            <IconButton
              icon="table"
              label={t('{0} as a table', title)}
              pressed={asTable.value}
              onClick={() => (asTable.value = !asTable.value)}
            />
            <IconButton
              icon={copied.value === t('Copied') ? 'check' : 'copy'}
              label={t('Copy {0} as tab-separated text', title)}
              onClick={() => void copy()}
            />
            <Menu
              icon="save"
              label={t('Save {0} as a picture', title)}
              items={[
                { label: t('PNG, 2×'), icon: 'file-media', onChoose: () => void save('png') },
                { label: 'SVG', icon: 'file-code', onChoose: () => void save('svg') },
              ]}
            />
          </span>
        </div>
      </figcaption>
      {asTable.value ? <TwinTable twin={twin()} view={view} /> : children}
    </figure>
  );
}
