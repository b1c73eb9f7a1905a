import { FolderInput, FolderOpen, Images, Shapes } from "lucide-react";
import { useState } from "react";
import { JobLine } from "../jobs/JobLine.tsx";
import { OfflineStatus } from "../shell/OfflineStatus.tsx";
import { useSources } from "../shell/Sources.tsx";
import { ThemeMenu } from "../shell/ThemeMenu.tsx";
import { PrivacyBadge } from "../shell/TopBar.tsx";
import { Wordmark } from "../shell/Wordmark.tsx";
import { LazyStorageDialog } from "../storage/LazyStorageDialog.tsx";
import { useActions, useWinnow } from "../winnow.tsx";
import { DraftChoice } from "./DraftChoice.tsx";
import { RecentProjects } from "./RecentProjects.tsx";

const steps = [
  ["See", "Every image on one map, look-alikes side by side, colours by folder or tag."],
  ["Choose", "Ask for 50 or 5,000: the images that differ most, found exactly."],
  ["Keep", "Save the list, a CSV or the embeddings, or copy the chosen files to a folder."],
] as const;

/** What somebody sees who has never been here, and where everybody else finds their projects. */
export function StartScreen() {
  const sources = useSources();
  const { openSample } = useActions();
  const [storageOpen, setStorageOpen] = useState(false);
  return (
    <div className="start">
      <header className="top-bar start-bar">
        <Wordmark />
        <span className="spacer" />
        <PrivacyBadge />
        <ThemeMenu />
      </header>
      <main className="start-main">
        <section className="start-drop" aria-labelledby="start-title">
          <h1 id="start-title">Drop a folder of images anywhere on this page</h1>
          <p className="start-lead">See what is in it as a map, and keep the ones worth labelling.</p>
          <div className="start-buttons">
            <button type="button" className="button button-primary button-large" onClick={sources.openFolder}>
              <FolderOpen size={17} aria-hidden="true" />
              Open folder
            </button>
            <button type="button" className="button button-large" onClick={sources.openFiles}>
              <Images size={17} aria-hidden="true" />
              Open files
            </button>
            <button type="button" className="button button-large" onClick={openSample}>
              <Shapes size={17} aria-hidden="true" />
              Try the sample
            </button>
            <button type="button" className="button button-large" onClick={sources.openProjectFolder}>
              <FolderInput size={17} aria-hidden="true" />
              Open project folder
            </button>
          </div>
          <DraftChoice />
          <StartJobs />
          <p className="start-small">
            Folders, JPEG, PNG, WebP, AVIF, HEIC, TIFF, GIF and BMP files, or a zip of them.{" "}
            <span className="start-licence">Sample: Fluent Emoji by Microsoft, MIT licence.</span>{" "}
            <a href="third-party-notices.txt" target="_blank" rel="noreferrer">
              All licences
            </a>
          </p>
          <p className="start-privacy">
            Nothing is uploaded. Images are read, embedded and stored in this browser, on this computer.
          </p>
          <p className="start-small">
            <OfflineStatus />{" "}
            <button type="button" className="button button-plain" onClick={() => setStorageOpen(true)}>
              Storage and backup
            </button>
          </p>
          <LazyStorageDialog open={storageOpen} onOpenChange={setStorageOpen} />
        </section>
        <dl className="start-steps">
          {steps.map(([name, what]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{what}</dd>
            </div>
          ))}
        </dl>
        <RecentProjects />
      </main>
    </div>
  );
}

/** What is being opened: a large project takes a while. */
function StartJobs() {
  const jobs = useWinnow((state) => state.jobs);
  if (jobs.length === 0) return null;
  return (
    <section aria-label="Jobs" className="jobs start-jobs">
      {jobs.map((job) => (
        <JobLine key={job.id} job={job} />
      ))}
    </section>
  );
}
