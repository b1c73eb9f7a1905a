import { useActions, useWinnow } from "../winnow.tsx";

const views = [
  { text: "Outliers first", field: "outlier", descending: false },
  { text: "Typical first", field: "typicality", descending: true },
  { text: "Blurriest first", field: "blurry", descending: false },
] as const;

/** Gallery and map by a score, in one click: the list starts with the most extreme images, the map has its colour. */
export function RankedViews() {
  const { setSort, setColourBy } = useActions();
  const fields = useWinnow((state) => state.fields);
  const sortBy = useWinnow((state) => state.sortBy);
  const descending = useWinnow((state) => state.sortDescending);
  const possible = views.filter(({ field }) => fields.some(({ id }) => id === field));
  if (possible.length === 0) return null;
  return (
    <div className="ranked-views" role="toolbar" aria-label="Sort gallery and colour map">
      {possible.map((view) => (
        <button
          key={view.field}
          type="button"
          className="button"
          aria-pressed={sortBy === view.field && descending === view.descending}
          onClick={() => {
            setSort(view.field, view.descending);
            setColourBy(view.field);
          }}
        >
          {view.text}
        </button>
      ))}
    </div>
  );
}
