import type { AnalyzeEvent } from '../../protocol/engine';
import type { Progress } from '../../protocol/run';
import type { Workload } from './estimate';

/** Tells how far an experiment is as a whole: networks count as much as they were estimated to take. */
export class TrainingProgress {
  private readonly total: number;
  /** Expected seconds of what is finished. */
  private finished = 0;
  /** Of that, what an earlier session did. */
  private before = 0;
  private readonly began = performance.now();
  private network = '';
  private part = 0;

  constructor(
    workload: Workload,
    private readonly networks: number,
    private readonly on: (event: AnalyzeEvent) => void,
  ) {
    this.total = [...workload.training, ...workload.measuring.flat()].reduce((sum, work) => sum + work, 0);
  }

  /** Begins a part of the work. */
  begin(network: string, seconds: number): void {
    this.network = network;
    this.part = seconds;
  }

  /** Tells that a share of the part is done. */
  tell(phase: Progress['phase'], round: number, share: number): void {
    const done = this.finished + this.part * Math.min(1, share);
    const own = done - this.before;
    const elapsed = (performance.now() - this.began) / 1000;
    // Little done tells little of the pace: the estimate counts until a twentieth is.
    const pace = own > this.total / 20 ? elapsed / own : 1;
    this.on({
      event: 'progress',
      progress: {
        phase,
        network: this.network,
        fraction: done / this.total,
        round,
        rounds: this.networks,
        seconds_left: (this.total - done) * pace,
      },
    });
  }

  /** Ends the part. */
  end(wasThere: boolean): void {
    this.finished += this.part;
    if (wasThere) this.before += this.part;
    this.part = 0;
  }
}
