/** Items recommended in the browser, best first. */
export interface BrowserAnswer {
  readonly items: readonly { readonly id: string; readonly title?: string; readonly score: number }[];
  /** `two-tower`, or `popularity` where nothing is known of who asks. */
  readonly source: string;
}

/** How an artifact is opened. */
export interface OpenOptions {
  /** URL of the folder with the files of `onnxruntime-web/dist`, on the page's own origin or one that allows it. */
  readonly runtime: string;
  /** Whether files are kept in the browser's cache, by their checksum. Default true. */
  readonly cache?: boolean;
}

/** What is asked of the worker. */
export type Call =
  | { readonly open: { readonly url: string; readonly runtime: string; readonly cache: boolean } }
  | { readonly recommend: { readonly history: readonly string[]; readonly k: number } };

/** What it says of the artifact once it is open. */
export interface Opened {
  readonly items: number;
  readonly version: string;
}

/** An answer of the worker, or an error as plain data. */
export type Reply =
  | { readonly id: number; readonly value: unknown }
  | {
      readonly id: number;
      readonly error: { code: string; message: string; hint?: string; details?: unknown };
    };
