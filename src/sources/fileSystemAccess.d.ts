/** File System Access (WICG), which TypeScript's DOM library leaves out. All of it is missing in Firefox and Safari. */

interface FileSystemHandle {
  queryPermission?(descriptor: { mode: "read" | "readwrite" }): Promise<PermissionState>;
  /** Needs a click. */
  requestPermission?(descriptor: { mode: "read" | "readwrite" }): Promise<PermissionState>;
}

interface DataTransferItem {
  getAsFileSystemHandle?(): Promise<FileSystemHandle | null | undefined>;
}

interface Window {
  showDirectoryPicker?(options?: {
    /** The browser remembers the last folder per id. */
    id?: string;
    mode?: "read" | "readwrite";
  }): Promise<FileSystemDirectoryHandle>;
  showSaveFilePicker?(options?: {
    id?: string;
    suggestedName?: string;
    types?: { description?: string; accept: Record<string, string[]> }[];
  }): Promise<FileSystemFileHandle>;
}
