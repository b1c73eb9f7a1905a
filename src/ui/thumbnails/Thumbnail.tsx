import {
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useEffect,
  useState,
  useSyncExternalStore,
} from "react";
import { useActions, useWinnow } from "../winnow.tsx";
import { ThumbnailCache } from "./thumbnailCache.ts";

const CacheContext = createContext<ThumbnailCache | null>(null);

/** Gives what is inside one thumbnail cache. Rows belong to a project, so render it with the project's id as key. */
export function ThumbnailProvider({ children }: { children: ReactNode }) {
  const actions = useActions();
  const version = useWinnow((state) => state.imagesVersion);
  const [cache, setCache] = useState<ThumbnailCache | null>(null);

  useEffect(() => {
    const fresh = new ThumbnailCache((row) => actions.thumbnail(row));
    setCache(fresh);
    return () => fresh.close();
  }, [actions]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new version is the reason to ask again
  useEffect(() => cache?.retryMissing(), [cache, version]);

  return cache && <CacheContext value={cache}>{children}</CacheContext>;
}

/** The object URL of a row's thumbnail, null until it is there. Held while the component is mounted. */
export function useThumbnail(row: number): string | null {
  const cache = useContext(CacheContext);
  if (!cache) throw new Error("A thumbnail was rendered outside <ThumbnailProvider>.");
  const subscribe = useCallback((listener: () => void) => cache.hold(row, listener), [cache, row]);
  return useSyncExternalStore(subscribe, () => cache.url(row));
}

/** A thumbnail without a name of its own: what it sits in is labelled with the file's path. */
export function Thumbnail({ row, className }: { row: number; className?: string }) {
  const url = useThumbnail(row);
  return url === null ? (
    <span className={`thumbnail-empty ${className ?? ""}`} />
  ) : (
    <img className={className} src={url} alt="" decoding="async" draggable={false} />
  );
}
