/** A file of the built page, as the build lists it for the service worker. */
export interface OfflineFile {
  /** From the folder of the page, with “/”: “assets/index-coGNMVcd.js”. */
  path: string;
  /** SHA-256 of its bytes, hexadecimal. */
  digest: string;
  bytes: number;
  /** Big and needed by few: kept from its first use on, not beforehand. */
  seldom: boolean;
  /** Its own Content-Security-Policy, where it is not that of all files. */
  policy?: string;
}

/** What the build writes into the service worker. */
export interface OfflineBuild {
  files: readonly OfflineFile[];
  /** Sent with each of them, for hosts that send no headers of their own. */
  headers: Readonly<Record<string, string>>;
}

/** What a page asks of the service worker: to keep every file, or to replace the one of an older version. */
export type OfflineRequest = { kind: "keep" } | { kind: "take-over" };

/** What the service worker tells every page; bytes of the files that are kept beforehand. */
export type OfflineReport =
  | { kind: "keeping"; done: number; total: number }
  | { kind: "ready" }
  | { kind: "failed"; reason: string };
