import type { CaseLine } from './runCase';

/** The results as a table for README.md. */
export function markdownTable(lines: readonly CaseLine[]): string {
  const head = [
    'case',
    'ours',
    'tfjs-node',
    'pytorch-hook',
    'captum',
    'first map',
    'memory',
    'arithmetic',
    'rate, GFLOP/s',
    'share of peak',
    'sweep (estimated)',
  ];
  const rows = [head, head.map(() => '---'), ...lines.map(row)];
  return rows.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function row(line: CaseLine): string[] {
  const { ours } = line;
  const peer = (name: string): string => {
    const [time, ratio] = [line.peers[name], line.ratios[name]];
    return time === undefined || ratio === undefined ? '' : `${seconds(time)} (${ratio.toFixed(1)}×)`;
  };
  const share = line.share_of_peak === null ? '' : `${(100 * line.share_of_peak).toFixed(1)} %`;
  const estimate = ours?.estimate_s ?? null;
  return [
    `\`${line.case}\``,
    seconds(line.ours_s),
    peer('tfjs-node'),
    peer('pytorch-hook'),
    peer('captum'),
    line.first_map_s === null ? '' : seconds(line.first_map_s),
    `${line.peak_rss_mb.toFixed(0)} MB`,
    line.gflop === undefined ? '' : `${line.gflop.toPrecision(3)} GFLOP`,
    line.gflop_per_s?.toFixed(1) ?? '',
    share,
    ours === undefined || estimate === null ? '' : `${seconds(ours.sweep_s)} (${seconds(estimate)})`,
  ];
}

function seconds(value: number): string {
  return `${value.toPrecision(3)} s`;
}
