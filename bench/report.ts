import { CASES } from './cases';
import type { Growth } from './growth';
import type { CaseLine } from './runCase';
import type { Peaks } from './tasks';

/** What the machine can do, in one line. */
export function peaksText({ matmul, convolution, wasm_matmul, wasm_kernel, threads }: Peaks): string {
  const [a, b, c, d] = [matmul, convolution, wasm_kernel, wasm_matmul].map((rate) => rate.toFixed(0));
  return `Peaks on ${threads} threads, GFLOP/s: tfjs-node matMul ${a}, convolution ${b}; WASM kernels ${c}, matMul (one thread) ${d}.`;
}

/** A case's result for people: a heading and a table row for each program. */
export function caseText(line: CaseLine): string {
  const chosen = CASES[line.case]!;
  const lines = ['', `${line.case}: ${chosen.what}`];
  if (line.growth !== undefined) lines.push(...Object.entries(line.growth).flatMap(growthText));
  if (line.ours === undefined || chosen.kind !== 'sweep') return lines.join('\n');
  const { ours } = line;
  lines.push(
    `  images: ${line.images ?? ''}; the network is right on ${percent(ours.accuracy)}; near-ties decided again: ${ours.near_ties}`,
    `  ours          ${seconds(line.ours_s)}  with reading ${seconds(ours.seconds_with_reading)}, first map ${seconds(ours.first_map_s)}` +
      verdict(ours.first_map_s, chosen.required_first_map, 'most') +
      `, memory ${ours.peak_rss_mb.toFixed(0)} MB` +
      verdict(ours.peak_rss_mb, chosen.required_memory, 'most') +
      (ours.estimate_s === null
        ? ''
        : `, sweep ${seconds(ours.sweep_s)} (estimated ${seconds(ours.estimate_s)})`),
  );
  for (const [peer, details] of Object.entries(line.peer_details ?? {})) {
    const ratio = line.ratios[peer]!;
    const sampled = details.measured_units < line.units! ? ` (from ${details.measured_units} units)` : '';
    const counts =
      details.different_units === 0
        ? 'counts equal'
        : `counts differ in ${details.different_units} of ${details.measured_units} units, by ${details.largest_difference} at most`;
    lines.push(
      `  ${peer.padEnd(13)} ${seconds(details.seconds)}  ${ratio.toFixed(1)}×` +
        verdict(ratio, chosen.required[peer as keyof typeof chosen.required], 'least') +
        `${sampled}; ${counts}; forward ${seconds(details.forward_s)}, ${details.settings}`,
    );
  }
  for (const [peer, why] of Object.entries(line.missing ?? {}))
    lines.push(`  ${peer.padEnd(13)} not run: ${why}`);
  lines.push(
    `  arithmetic    ${line.gflop!.toFixed(1)} GFLOP at ${line.gflop_per_s!.toFixed(1)} GFLOP/s, ${percent(line.share_of_peak!)} of the peak (${percent(line.share_of_wasm_peak!)} of that of WASM kernels)`,
    `  ways          ${waysText(ours.sites)}`,
    `  activations   ${(ours.activation_bytes / 2 ** 20).toFixed(0)} MB on all samples`,
  );
  return lines.join('\n');
}

function waysText(sites: readonly { readonly name: string; readonly way: string }[]): string {
  const byWay = new Map<string, string[]>();
  for (const { name, way } of sites) byWay.set(way, [...(byWay.get(way) ?? []), name]);
  return [...byWay].map(([way, names]) => `${way}: ${names.join(', ')}`).join('; ');
}

function growthText([name, growth]: [string, Growth]): string[] {
  const { sizes, r_squared, exponent, fixed_s } = growth;
  return [
    `  ${name.padEnd(8)} ${sizes.map((size, i) => `${size}: ${seconds(growth.seconds[i]!)}`).join('   ')}`,
    `           a line explains ${percent(r_squared)} of it (${seconds(fixed_s)} at 0); exponent ${exponent.toFixed(2)}`,
  ];
}

function verdict(value: number, bound: number | undefined, kind: 'least' | 'most'): string {
  if (bound === undefined) return '';
  const holds = kind === 'least' ? value >= bound : value <= bound;
  return ` (${kind === 'least' ? '≥' : '≤'} ${bound} ${holds ? 'holds' : 'MISSED'})`;
}

function seconds(value: number): string {
  return value < 10 ? `${value.toFixed(3)} s` : `${value.toFixed(1)} s`;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
