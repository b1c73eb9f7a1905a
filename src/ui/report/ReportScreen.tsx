import { Download } from "lucide-react";
import { Picker } from "../controls/Picker.tsx";
import { Screen } from "../screens/Screen.tsx";
import { formatFileTime } from "../text/dates.ts";
import { useActions } from "../winnow.tsx";
import { ReportBlockView } from "./ReportBlockView.tsx";
import "./report.css";
import { useReport } from "./useReport.ts";

/** Everything that is known of the images on one page; every number leads to its images. */
export function ReportScreen() {
  const { saveReport } = useActions();
  const { report, splitBy, setSplitBy, splitFields } = useReport();
  const save = async () => {
    const { reportHtml } = await import("../../core/report/reportHtml.ts");
    saveReport(reportHtml(report, formatFileTime(Date.now())));
  };
  return (
    <Screen
      title="Dataset report"
      head={
        <>
          <Picker
            boxed
            label="Splits"
            value={splitBy}
            options={[
              { value: "", text: "by folder or tag name" },
              ...splitFields.map(({ id, title }) => ({ value: id, text: title.toLowerCase() })),
            ]}
            onPick={setSplitBy}
          />
          <button type="button" className="button" onClick={save}>
            <Download size={15} aria-hidden="true" />
            Save as HTML
          </button>
        </>
      }
    >
      <div className="report">
        {report.sections.map(({ title, blocks }) => (
          <section key={title} aria-label={title}>
            <h3 className="report-section">{title}</h3>
            <div className="report-blocks">
              {blocks.map((block) => (
                <ReportBlockView key={block.title} block={block} />
              ))}
            </div>
          </section>
        ))}
      </div>
    </Screen>
  );
}
