import { Failure } from '../../../../protocol/failure';

/** An object of a model's description. */
export type Json = Record<string, unknown>;

export function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A list of a description; empty where it is none. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** A layer as a description has it, checked as far as that. */
export interface LayerEntry {
  readonly type: string;
  readonly config: Json;
  /** Everything that stands beside the two: `name`, `inbound_nodes`, `module`, … */
  readonly fields: Json;
}

/** Which words a description is in. */
export interface Dialect {
  /** Keras 3 changed what some words mean. */
  readonly keras3: boolean;
  /**
   * The description is that of a TensorFlow.js model, whose numbers are those of TensorFlow.js, also where it
   * computes something else than Keras did.
   */
  readonly stock: boolean;
}

/** One reading of a model's description: its dialect, and what is found that cannot be read. */
export class TopologyReading {
  private readonly problems: string[] = [];

  constructor(
    readonly file: string,
    readonly dialect: Dialect,
  ) {}

  /** Are the numbers those of Keras? */
  get asKeras(): boolean {
    return this.dialect.keras3 || !this.dialect.stock;
  }

  /** Notes what stands in the way, a sentence's part after `the layer <name>`; all are said together. */
  refuse(name: string, why: string): void {
    const problem = `the layer ${shown(name)} ${why}`;
    if (!this.problems.includes(problem)) this.problems.push(problem);
  }

  /** @throws Failure that says everything that was refused */
  finish(): void {
    if (this.problems.length === 0) return;
    const said = this.problems.slice(0, MOST_SAID).join('; ');
    const more = this.problems.length - MOST_SAID;
    throw new Failure(`${this.file} cannot be analysed: ${said}${more > 0 ? `; and ${more} more` : ''}.`, {
      file: this.file,
    });
  }

  /** For descriptions that no Keras writes. */
  damaged(what: string): Failure {
    return new Failure(`${this.file}: the description of the model is damaged: ${what}. Save it again.`, {
      file: this.file,
    });
  }

  /** @throws Failure if it is no layer */
  entry(value: unknown): LayerEntry {
    if (!isJson(value)) throw this.damaged('a layer is missing');
    const { class_name: type, config } = value;
    if (typeof type !== 'string' || typeof config !== 'object' || config === null) {
      throw this.damaged('a layer has no class or no settings');
    }
    return {
      type,
      config: Array.isArray(config) ? { layers: config } : { ...(config as Json) },
      fields: value,
    };
  }
}

const MOST_SAID = 12;

/** A name of the file, short enough for a sentence. */
export function shown(name: string): string {
  return name.length > 60 ? `${name.slice(0, 59)}…` : name;
}

/** The name of a layer. */
export function nameOf({ config, fields, type }: LayerEntry): string {
  if (typeof fields['name'] === 'string') return fields['name'];
  return typeof config['name'] === 'string' ? config['name'] : type;
}
