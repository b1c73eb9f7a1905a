import { lazy } from "react";
import { Part } from "../parts/Part.tsx";

/** Its list of suggestions is a good part of the controls' code, and nobody needs it in the first moment. */
const SearchBox = lazy(async () => ({ default: (await import("./SearchBox.tsx")).SearchBox }));

export function LazySearchBox() {
  return (
    <Part what="The search box" fallback={<span className="search-box" />} place="corner">
      <SearchBox />
    </Part>
  );
}
