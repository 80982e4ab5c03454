/** The program's surroundings: what only `main.ts` may touch. Texts end with a newline. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly version: string;
  /** Of this process. */
  readonly pid: number;
  /** Where the built page lies. */
  readonly uiDir: string;
  /** The built list of who made which network card. */
  readonly vendorsFile: string;
  readonly isTerminal: boolean;
  /** Width of the terminal that the output goes to; absent: it is none. */
  readonly columns?: number;
  readonly signal: AbortSignal;
  out(text: string): void;
  err(text: string): void;
  /** Whether a process of that id lives on this machine. */
  isAlive(pid: number): boolean;
  /** A bug was met: end now, with code 1. */
  die(): void;
}
