import { Pause, Play, X } from "lucide-react";
import { useId } from "react";
import type { Job } from "../../state/state.ts";
import { IconButton } from "../controls/IconButton.tsx";
import { HostileText } from "../text/HostileText.tsx";
import { formatCount, formatDuration, formatRate } from "../text/quantities.ts";
import { useActions } from "../winnow.tsx";

/** “140 of 200 epochs · 38 a second · 1 s left”: what is known of it. */
export function jobProgressText(job: Job): string {
  const count =
    job.total > 0
      ? `${formatCount(job.done)} of ${formatCount(job.total)} ${job.unit}`
      : job.done > 0
        ? `${formatCount(job.done)} ${job.unit}`
        : "";
  const running = job.status === "running";
  return [
    job.status === "paused" ? "paused" : "",
    count,
    running && job.rate !== null && job.rate > 0 ? `${formatRate(job.rate)}/s` : "",
    running && job.secondsLeft !== null ? `${formatDuration(job.secondsLeft)} left` : "",
  ]
    .filter(Boolean)
    .join(" · ");
}

/** One piece of work: its name, how far it is, and the buttons that steer it. */
export function JobLine({ job }: { job: Job }) {
  const actions = useActions();
  const nameId = useId();
  const known = job.total > 0;
  const text = jobProgressText(job);
  const over = job.status === "done" || job.status === "failed" || job.status === "cancelled";
  return (
    <div className={`job job-${job.status}`}>
      <span id={nameId} className="job-name">
        {job.name}
      </span>
      <span
        role="progressbar"
        aria-labelledby={nameId}
        aria-valuemin={0}
        aria-valuemax={known ? job.total : undefined}
        aria-valuenow={known ? Math.min(job.done, job.total) : undefined}
        aria-valuetext={text || undefined}
        className={known || over ? "job-track" : "job-track is-unknown"}
      >
        <span
          className="job-fill"
          style={known ? { transform: `scaleX(${Math.min(1, job.done / job.total)})` } : undefined}
        />
      </span>
      <span className="job-text">
        {text}
        {job.note !== "" && (
          <span className={job.status === "failed" ? "job-reason" : "muted"} title={job.note}>
            {text !== "" && " · "}
            <HostileText text={job.note} />
          </span>
        )}
      </span>
      <span className="job-buttons">
        {job.canPause && job.status === "running" && (
          <IconButton label="Pause" aria-describedby={nameId} onClick={() => actions.pauseJob(job.id)}>
            <Pause size={15} />
          </IconButton>
        )}
        {job.status === "paused" && (
          <IconButton label="Resume" aria-describedby={nameId} onClick={() => actions.resumeJob(job.id)}>
            <Play size={15} />
          </IconButton>
        )}
        {job.canCancel && !over && (
          <IconButton label="Cancel" aria-describedby={nameId} onClick={() => actions.cancelJob(job.id)}>
            <X size={15} />
          </IconButton>
        )}
        {(job.status === "failed" || job.status === "cancelled") && (
          <IconButton label="Dismiss" aria-describedby={nameId} onClick={() => actions.dismissJob(job.id)}>
            <X size={15} />
          </IconButton>
        )}
      </span>
    </div>
  );
}
