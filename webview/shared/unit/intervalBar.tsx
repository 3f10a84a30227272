import { t } from '@vscode/l10n';
import type { VNode } from 'preact';
import { interval, points } from '../format';

/** An estimate in its 95 % interval, on an axis that always shows 0. All in fractions of accuracy. */
export function IntervalBar({
  value,
  low,
  high,
}: {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}): VNode | null {
  if (![value, low, high].every(Number.isFinite)) return null;
  const left = Math.min(0, low);
  const right = Math.max(0, high);
  const margin = (right - left) * 0.06 || 0.001;
  const place = (x: number): string => `${((x - left + margin) / (right - left + 2 * margin)) * 100}%`;
  const length = `${((high - low) / (right - left + 2 * margin)) * 100}%`;
  const range = interval(low, high);
  return (
    <div class="interval" role="img" aria-label={t('{0} points, 95 % interval {1}', points(value), range)}>
      <div class="interval-axis">
        <div class="interval-zero" style={{ left: place(0) }} />
        <div class="interval-range" style={{ left: place(low), width: length }} />
        <div class="interval-value" style={{ left: place(value) }} />
      </div>
      <p class="interval-text">
        <span>{t('95 % interval {0}', range)}</span>
      </p>
    </div>
  );
}
