import { Pencil, Trash2 } from "lucide-react";
import { useState } from "react";
import type { ProjectSummary } from "../../core/records.ts";
import { ConfirmDialog } from "../controls/ConfirmDialog.tsx";
import { IconButton } from "../controls/IconButton.tsx";
import { RenameField } from "../controls/RenameField.tsx";
import { formatAgo } from "../text/dates.ts";
import { HostileText } from "../text/HostileText.tsx";
import { countOf, formatBytes } from "../text/quantities.ts";
import { useActions, useWinnow } from "../winnow.tsx";

/** Projects of this browser, newest first. */
export function RecentProjects() {
  const actions = useActions();
  const projects = useWinnow((state) => state.projects);
  const [deleting, setDeleting] = useState<ProjectSummary | null>(null);
  const [confirming, setConfirming] = useState(false);
  if (projects.length === 0) return null;

  return (
    <section className="recent" aria-labelledby="recent-title">
      <h2 id="recent-title" className="section-title">
        Projects in this browser
      </h2>
      <ul className="recent-list">
        {projects.map((project) => (
          <ProjectLine
            key={project.id}
            project={project}
            onDelete={() => {
              setDeleting(project);
              setConfirming(true);
            }}
          />
        ))}
      </ul>
      {deleting && (
        <ConfirmDialog
          open={confirming}
          onOpenChange={setConfirming}
          title={
            <>
              Delete <HostileText text={deleting.name} />?
            </>
          }
          confirm="Delete project"
          onConfirm={() => actions.deleteProject(deleting.id)}
        >
          <p>
            This removes the thumbnails, embeddings, tags and selections of {countOf(deleting.imageCount, "image")} from
            this browser and frees {formatBytes(deleting.storedBytes)}. It cannot be undone.
          </p>
          <p className="muted">Your image files are not touched.</p>
        </ConfirmDialog>
      )}
    </section>
  );
}

function ProjectLine({ project, onDelete }: { project: ProjectSummary; onDelete: () => void }) {
  const actions = useActions();
  const [renaming, setRenaming] = useState(false);
  return (
    <li className="recent-line">
      {renaming ? (
        <RenameField
          label="Project name"
          name={project.name}
          onDone={(name) => {
            setRenaming(false);
            if (name !== null) actions.renameProject(project.id, name);
          }}
        />
      ) : (
        <button type="button" className="recent-open" onClick={() => actions.openProject(project.id)}>
          <span className="recent-name">
            <HostileText text={project.name} />
          </span>
          {project.unfinished && <span className="pill recent-unfinished">unfinished</span>}
          <span className="recent-fact recent-count">{countOf(project.imageCount, "image")}</span>
          <span className="recent-fact recent-size">{formatBytes(project.storedBytes)}</span>
          <span className="recent-fact recent-date">{formatAgo(project.updatedAt, Date.now())}</span>
        </button>
      )}
      <IconButton label={`Rename ${project.name}`} onClick={() => setRenaming(true)}>
        <Pencil size={15} />
      </IconButton>
      <IconButton label={`Delete ${project.name}`} onClick={onDelete}>
        <Trash2 size={15} />
      </IconButton>
    </li>
  );
}
