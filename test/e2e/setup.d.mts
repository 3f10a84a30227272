/** A VS Code started by {@link vscodeServer}. */
export interface VscodeServer {
  /** Where a browser finds it, with the workspace open. */
  readonly url: string;
  readonly userData: string;
  readonly extensions: string;
  /** The process whose descendants are the server, its extension hosts and our engine. */
  readonly pid: number;
  /** Settles when it has ended. */
  readonly ended: Promise<unknown>;
  stop(): Promise<void>;
  /** All it has written so far. */
  output(): string;
}

/** What {@link vscodeServer} needs; see setup.mjs. */
export interface VscodeServerOptions {
  readonly profile: string;
  readonly workspace: string;
  readonly vsix: string;
  readonly more?: readonly string[];
  readonly seconds: number;
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly port?: number;
  readonly log?: (line: string) => void;
}

export function installVscode(log?: (line: string) => void): Promise<void>;
export function vscodeServer(options: VscodeServerOptions): Promise<VscodeServer>;
