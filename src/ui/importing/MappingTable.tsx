import type { ColumnUse, TableMapping } from "../../core/format/annotations/tableMapping.ts";
import { revealedText } from "../../core/format/unseenText.ts";
import type { ImportDraft } from "../../state/importDraft.ts";
import { HostileText } from "../text/HostileText.tsx";
import { countOf } from "../text/quantities.ts";
import { useActions } from "../winnow.tsx";

/** A table of probabilities may have a thousand columns; what is beyond is taken as guessed. */
const columnsShown = 40;
const rowsShown = 6;

const uses: readonly { value: ColumnUse["use"]; text: string }[] = [
  { value: "path", text: "image path" },
  { value: "label", text: "label" },
  { value: "score", text: "score" },
  { value: "probability", text: "probability" },
  { value: "box-left", text: "box: left" },
  { value: "box-top", text: "box: top" },
  { value: "box-width", text: "box: width" },
  { value: "box-height", text: "box: height" },
  { value: "box-right", text: "box: right" },
  { value: "box-bottom", text: "box: bottom" },
  { value: "metadata", text: "metadata" },
  { value: "ignore", text: "not imported" },
];

/** The first rows of a table, and for every column what it is. */
export function MappingTable({ draft, mapping }: { draft: ImportDraft; mapping: TableMapping }) {
  const { changeImport } = useActions();
  const { columns, rows } = draft;
  const shown = columns.slice(0, columnsShown);
  const use = (at: number, value: ColumnUse["use"]): void =>
    changeImport({ mapping: mapping.map((one, i) => (i === at ? columnUse(value, columns[at]!) : one)) });
  return (
    <div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling area must be reachable by keyboard */}
      <div className="mapping" tabIndex={0}>
        <table>
          <caption className="visually-hidden">What the columns are</caption>
          <thead>
            <tr>
              {shown.map((column, at) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: columns may have equal names and never move
                <th key={at} scope="col" data-use={mapping[at]?.use}>
                  <span className="mapping-column">
                    <HostileText text={column} />
                  </span>
                  <select
                    className="field mapping-use"
                    aria-label={`Column ${revealedText(column)}`}
                    value={mapping[at]?.use ?? "ignore"}
                    onChange={(event) => use(at, event.target.value as ColumnUse["use"])}
                  >
                    {uses.map(({ value, text }) => (
                      <option key={value} value={value}>
                        {text}
                      </option>
                    ))}
                  </select>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.slice(0, rowsShown).map((row, i) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: rows of a file have no other identity
              <tr key={i}>
                {shown.map((_, at) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: see above
                  <td key={at} data-use={mapping[at]?.use} title={revealedText(row[at] ?? "")}>
                    <HostileText text={row[at] ?? ""} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {columns.length > columnsShown && (
        <p className="muted">…and {countOf(columns.length - columnsShown, "more column")}, taken by their names.</p>
      )}
    </div>
  );
}

function columnUse(use: ColumnUse["use"], column: string): ColumnUse {
  if (use === "probability") return { use, class: column.replace(/^(p|prob|probability):/i, "").trim() || column };
  return use === "metadata" ? { use, key: column.trim() || "column" } : { use };
}
