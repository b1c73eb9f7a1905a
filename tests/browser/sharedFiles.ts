/** Reference data beside the project, served by the test runner; null where it is missing. */
export async function fetchShared(path: string): Promise<ArrayBuffer | null> {
  const response = await fetch(`/shared/${path.split("/").map(encodeURIComponent).join("/")}`);
  return response.ok ? await response.arrayBuffer() : null;
}

export const hasShared = (await fetchShared("README.md")) !== null;
