import { OfflineStatus } from "../shell/OfflineStatus.tsx";
import { formatBytes, formatCount } from "../text/quantities.ts";
import { useWinnow } from "../winnow.tsx";
import { JobLine } from "./JobLine.tsx";

/** What runs, and what is done: one line under everything. */
export function JobsBar() {
  const jobs = useWinnow((state) => state.jobs);
  return (
    <section aria-label="Jobs" className="jobs-bar">
      <div className="jobs">
        {jobs.length === 0 && <span className="muted">Nothing is running</span>}
        {jobs.map((job) => (
          <JobLine key={job.id} job={job} />
        ))}
      </div>
      <Facts />
    </section>
  );
}

function Facts() {
  const runtime = useWinnow((state) => state.runtime);
  // A job that runs the model says it itself.
  const told = useWinnow((state) => state.jobs.some(({ note }) => note.endsWith(state.runtime)));
  const images = useWinnow((state) => state.images);
  const version = useWinnow((state) => state.imagesVersion);
  const stored = useWinnow((state) => state.project?.storedBytes ?? 0);
  const embedding = useWinnow((state) => state.jobs.find((job) => job.name === "Embedding"));
  const done = version >= 0 ? images.length : 0;
  const total = embedding && embedding.status !== "done" ? Math.max(embedding.total, done) : done;
  return (
    <div className="jobs-facts">
      {runtime !== "" && !told && <span className="jobs-runtime">{runtime}</span>}
      <span>
        {formatCount(done)} of {formatCount(total)} embedded
      </span>
      <span className="jobs-stored">{formatBytes(stored)} stored</span>
      <OfflineStatus />
    </div>
  );
}
