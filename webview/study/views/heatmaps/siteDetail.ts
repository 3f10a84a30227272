import { t } from '@vscode/l10n';
import type { SiteInfo } from '../../../../src/protocol/study';
import { count } from '../../../shared/format';

/** What stands beside a site's name: what makes its neurons, and how many there are. */
export function siteDetail({ kind, units }: Pick<SiteInfo, 'kind' | 'units'>): string {
  return t(units === 1 ? '{0} · {1} neuron' : '{0} · {1} neurons', kind, count(units));
}
