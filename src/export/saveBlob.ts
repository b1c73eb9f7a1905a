/** Long after every browser has begun to read the blob, and soon enough to give its memory back. */
const REVOKE_AFTER_MS = 60_000;

/** Downloads a blob under a name, as a click on a link would. */
export function saveBlob(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  // Firefox follows only links that are part of the page.
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), REVOKE_AFTER_MS);
}
