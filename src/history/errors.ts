/**
 * `newer`: written by a later version. `invalid`: what was given can't be stored, now or ever. `worker`: the database's thread
 * is not there at the moment.
 */
export type StoreErrorCode =
  | "missing"
  | "unwritable"
  | "full"
  | "locked"
  | "newer"
  | "corrupt"
  | "io"
  | "invalid"
  | "worker"
  | "timeout";

/** Why the history can't be kept or read. The message says what to do; the monitor goes on without history. */
export class StoreError extends Error {
  override readonly name = "StoreError";
  readonly code: StoreErrorCode;

  constructor(code: StoreErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

const bySqlite: Readonly<Record<number, StoreErrorCode>> = {
  3: "unwritable", // SQLITE_PERM
  5: "locked", // SQLITE_BUSY
  6: "locked", // SQLITE_LOCKED
  8: "unwritable", // SQLITE_READONLY
  11: "corrupt", // SQLITE_CORRUPT
  13: "full", // SQLITE_FULL
  14: "unwritable", // SQLITE_CANTOPEN
  19: "invalid", // SQLITE_CONSTRAINT
  20: "invalid", // SQLITE_MISMATCH
  26: "corrupt", // SQLITE_NOTADB
  4874: "full", // SQLITE_IOERR_SHMSIZE: no room for the file that the log's readers share
};
const bySystem: Readonly<Record<string, StoreErrorCode>> = {
  EACCES: "unwritable",
  EPERM: "unwritable",
  EROFS: "unwritable",
  ENOTDIR: "unwritable",
  EISDIR: "unwritable",
  EEXIST: "unwritable",
  ELOOP: "unwritable",
  ENAMETOOLONG: "unwritable",
  ENOSPC: "full",
  EDQUOT: "full",
};

/** What kind of trouble an error of SQLite or of the file system is. */
export function storeErrorCode(error: unknown): StoreErrorCode {
  if (error instanceof StoreError) return error.code;
  if (typeof error !== "object" || error === null) return "invalid";
  if ("errcode" in error && typeof error.errcode === "number")
    return bySqlite[error.errcode] ?? bySqlite[error.errcode & 0xff] ?? "io";
  if ("syscall" in error && "code" in error) return bySystem[String(error.code)] ?? "io";
  return "invalid";
}

/** One sentence with what to do about it. */
export function storeAdvice(code: StoreErrorCode, file: string): string {
  switch (code) {
    case "missing":
      return `${file} does not exist: start the monitor first, or name its data directory with --data`;
    case "unwritable":
      return `${file} can't be written: give the program write access to it and to its directory, or choose another data directory`;
    case "full":
      return `the disk of ${file} is full: free some space or choose a data directory on another disk`;
    case "locked":
      return `${file} is locked by another program: is a second Netwarden or a database tool using it?`;
    case "newer":
      return `${file} was written by a newer version of Netwarden: install that version again, or move the file away to start a new history`;
    case "corrupt":
      return `${file} is damaged: it is kept aside and a new history begins; check the disk`;
    case "io":
      return `the disk reports an error for ${file}: check the disk and the system's log`;
    case "invalid":
      return `something that does not fit was given to ${file}: please report it`;
    case "worker":
      return "the history's thread is not running at the moment: try again in a minute";
    case "timeout":
      return "the history did not answer in time: the disk may be very slow; try a shorter period";
  }
}
