import { lazy, Suspense } from "react";

/** Its list of suggestions is a good part of the controls' code, and nobody needs it in the first moment. */
const SearchBox = lazy(async () => ({ default: (await import("./SearchBox.tsx")).SearchBox }));

export function LazySearchBox() {
  return (
    <Suspense fallback={<span className="search-box" />}>
      <SearchBox />
    </Suspense>
  );
}
