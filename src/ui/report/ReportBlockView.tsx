import {
  type BarsBlock,
  type FactsBlock,
  type HistogramBlock,
  numberText,
  type ReportBlock,
  type ReportNumber,
  type TableBlock,
} from "../../core/report/report.ts";
import { HostileText } from "../text/HostileText.tsx";
import { useActions } from "../winnow.tsx";

/** One block of the report under its title. */
export function ReportBlockView({ block }: { block: ReportBlock }) {
  return (
    <section className={`report-block report-${block.kind}`} aria-label={block.title}>
      <h4 className="report-title">
        <HostileText text={block.title} />
      </h4>
      {block.note !== "" && (
        <p className="muted">
          <HostileText text={block.note} />
        </p>
      )}
      <BlockContent block={block} />
    </section>
  );
}

function BlockContent({ block }: { block: ReportBlock }) {
  switch (block.kind) {
    case "facts":
      return <Facts block={block} />;
    case "bars":
      return <Bars block={block} />;
    case "histogram":
      return <Histogram block={block} />;
    case "table":
      return <Table block={block} />;
  }
}

/** What a click on a number does: the gallery shows its images. Undefined where there are none to show. */
function useShow(): (number: ReportNumber) => (() => void) | undefined {
  const { setFilter, openScreen } = useActions();
  return ({ filter, value }) => {
    if (filter === null || value === 0) return undefined;
    return () => {
      setFilter(filter);
      openScreen(null);
    };
  };
}

/** A number that leads to its images. */
function NumberButton({ number }: { number: ReportNumber }) {
  const show = useShow()(number);
  const classes = number.flagged ? "report-number is-flagged" : "report-number";
  if (!show) return <span className={classes}>{numberText(number)}</span>;
  return (
    <button
      type="button"
      className={classes}
      onClick={show}
      aria-label={`${number.label}: ${numberText(number)}, show`}
    >
      {numberText(number)}
    </button>
  );
}

function Facts({ block }: { block: FactsBlock }) {
  return (
    <dl className="report-facts-list">
      {block.facts.map((fact) => (
        <div key={fact.label}>
          <dt>{fact.label}</dt>
          <dd>
            <NumberButton number={fact} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Bars({ block }: { block: BarsBlock }) {
  const most = block.bars.reduce((top, { value }) => Math.max(top, value), 1);
  return (
    <ul className="report-bars-list">
      {block.bars.map((bar) => (
        <li key={bar.label}>
          <span className="report-bar-name">
            <HostileText text={bar.label} />
          </span>
          <NumberButton number={bar} />
          <span
            className={bar.flagged ? "report-bar is-flagged" : "report-bar"}
            style={{ scale: `${bar.value / most} 1` }}
          />
        </li>
      ))}
    </ul>
  );
}

function Histogram({ block }: { block: HistogramBlock }) {
  const show = useShow();
  const most = block.bins.reduce((top, { value }) => Math.max(top, value), 1);
  return (
    <>
      <div className="report-histogram-plot">
        {block.bins.map((bin) => (
          <button
            key={bin.label + JSON.stringify(bin.filter)}
            type="button"
            className="report-bin"
            aria-label={`${bin.label}: ${numberText(bin)}`}
            title={`${bin.label}: ${numberText(bin)}`}
            disabled={bin.value === 0}
            onClick={show(bin)}
          >
            <span style={{ height: bin.value === 0 ? 0 : `${Math.max(2, (100 * bin.value) / most)}%` }} />
          </button>
        ))}
        {block.mark !== null && (
          <span className="report-mark" title="Threshold" style={{ left: `${block.mark * 100}%` }} />
        )}
      </div>
      <div className="report-axis muted">
        <span>{block.from}</span>
        <span>{block.to}</span>
      </div>
    </>
  );
}

function Table({ block }: { block: TableBlock }) {
  return (
    <div className="report-table-scroller">
      <table>
        <thead>
          <tr>
            <td />
            {block.columns.map((column) => (
              <th key={column} scope="col">
                <HostileText text={column} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {block.rows.map((row) => (
            <tr key={row.label}>
              <th scope="row">
                <HostileText text={row.label} />
              </th>
              {row.cells.map((cell) => (
                <td key={cell.label}>
                  <NumberButton number={cell} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
