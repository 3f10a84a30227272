import { pythonWith } from '../test/support/python';
import { BY_NAME_ONLY, CASES, PEERS, type PeerName } from './cases';
import { runProgram } from './children';
import { markdownTable } from './markdown';
import { benchPanel, panelText } from './panel';
import { caseText, peaksText } from './report';
import { runCase, type CaseLine, type RunOptions } from './runCase';
import type { Peaks } from './tasks';

/** A case of its own: it measures the panel and not the engine. */
const PANEL = 'panel';

const USAGE = `npm run bench -- [case …] [--json | --markdown] [--peers a,b] [--peer-seconds n] [--samples n]

Cases: ${Object.keys(CASES).join(', ')} (all but ${BY_NAME_ONLY.join(', ')} by default), and
${PANEL}: frames a second and first paint of the study panel with 100,000 units.
Peers: ${PEERS.join(', ')}. A peer is measured on units in a random order until --peer-seconds (60) have passed.
--samples takes fewer samples than the case has, to try it out: such a figure is none of the case's.
`;

interface Arguments {
  readonly cases: readonly string[];
  readonly panel: boolean;
  readonly json: boolean;
  /** Print the table of README.md at the end. */
  readonly markdown: boolean;
  readonly peers: readonly PeerName[];
  readonly peer_seconds: number;
  readonly samples: number;
}

async function main(): Promise<void> {
  const { cases, panel, json, markdown, peers, peer_seconds, samples } = argumentsOf(process.argv.slice(2));
  const say = (text: string): void => void process.stderr.write(`${text}\n`);
  if (panel) {
    const line = await benchPanel(say);
    console.log(json ? JSON.stringify(line) : panelText(line));
  }
  if (cases.length === 0) return;
  const chosen = cases.map((name) => CASES[name]!);
  const needsPython = chosen.some((each) => needsPyTorch(each, peers));
  const python = needsPython ? await pytorch(say) : { missing: 'no case of this run needs PyTorch' };
  const peaks = await runProgram<Peaks>('peaks.ts', null);
  const options: RunOptions = { peer_seconds, samples, python, peaks, peers, say };
  if (!json) console.log(peaksText(peaks));
  const lines: CaseLine[] = [];
  for (const name of cases) {
    const line = await runCase(name, options);
    console.log(json ? JSON.stringify(line) : caseText(line));
    lines.push(line);
  }
  if (markdown) console.log(`\n${markdownTable(lines)}`);
}

function needsPyTorch(chosen: (typeof CASES)[string], peers: readonly PeerName[]): boolean {
  if (chosen.kind === 'growth') return false;
  const isTrainedThere = chosen.recipe.net.kind !== 'perceptron';
  return isTrainedThere || chosen.peers.some((peer) => peer !== 'tfjs-node' && peers.includes(peer));
}

/** PyTorch and Captum in an environment of their own, installed when it is not there yet. */
async function pytorch(say: (text: string) => void): Promise<RunOptions['python']> {
  try {
    say('PyTorch and Captum: installed through pip if they are not there yet (5.5 GB, about a minute)');
    return { path: await pythonWith(['torch>=2,<3', 'captum', 'numpy']) };
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n')[0] : String(error);
    return { missing: `PyTorch could not be installed (${reason ?? ''})` };
  }
}

function argumentsOf(given: readonly string[]): Arguments {
  const cases: string[] = [];
  let [json, markdown, panel] = [false, false, false];
  let peers: readonly PeerName[] = PEERS;
  let [peer_seconds, samples] = [60, Infinity];
  for (let at = 0; at < given.length; at++) {
    const word = given[at]!;
    if (word === '--json') json = true;
    else if (word === PANEL) panel = true;
    else if (word === '--markdown') markdown = true;
    else if (word === '--peers') {
      const wanted = (given[++at] ?? '').split(',').filter((name) => name !== '');
      const unknown = wanted.find((name) => !PEERS.some((peer) => peer === name));
      if (unknown !== undefined) refuse(`There is no peer ${unknown}.`);
      peers = PEERS.filter((peer) => wanted.includes(peer));
    } else if (word === '--peer-seconds') {
      peer_seconds = Number(given[++at]);
      if (!(peer_seconds > 0)) refuse('--peer-seconds takes a number of seconds.');
    } else if (word === '--samples') {
      samples = Number(given[++at]);
      if (!(samples >= 1)) refuse('--samples takes a number of samples.');
    } else if (word in CASES) cases.push(word);
    else refuse(`There is no case ${word}.`);
  }
  const all = Object.keys(CASES).filter((name) => !BY_NAME_ONLY.includes(name));
  const wanted = cases.length > 0 || panel ? cases : all;
  return { cases: wanted, panel, json, markdown, peers, peer_seconds, samples };
}

function refuse(problem: string): never {
  process.stderr.write(`${problem}\n\n${USAGE}`);
  process.exit(2);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
