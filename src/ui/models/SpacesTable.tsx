import { Play, Trash2 } from "lucide-react";
import { useState } from "react";
import { spaceId } from "../../core/model/ownModel.ts";
import type { WinnowState } from "../../state/state.ts";
import { ConfirmDialog } from "../controls/ConfirmDialog.tsx";
import { IconButton } from "../controls/IconButton.tsx";
import { HostileText } from "../text/HostileText.tsx";
import { countOf, formatCount } from "../text/quantities.ts";
import { useActions, useWinnow } from "../winnow.tsx";
import { SpaceComparison } from "./SpaceComparison.tsx";

/** A draft whose full embedding has not been begun. */
const lacksFull = ({ isDraft, spaces, bundledModel: full }: WinnowState): boolean =>
  isDraft && full !== null && spaces.every(({ id }) => id !== spaceId(full.sha256, full.spec));

/** The project's embeddings: which is looked at, which are whole, how far they agree. */
export function SpacesTable() {
  const actions = useActions();
  const spaces = useWinnow((state) => state.spaces);
  const space = useWinnow((state) => state.space);
  const ownName = useWinnow((state) => state.ownSpaceName);
  const images = useWinnow((state) => (state.imagesVersion >= 0 ? state.images.length : 0));
  const jobs = useWinnow((state) => state.jobs);
  const isDraft = useWinnow((state) => state.isDraft);
  const draft = useWinnow(lacksFull);
  const [deleting, setDeleting] = useState<{ id: string; name: string } | null>(null);
  const all = [{ id: "", name: ownName, rows: images, featureCount: 0 }, ...spaces];
  const busy = (name: string) =>
    jobs.some((job) => job.name === `Embedding with ${name}` && ["running", "paused"].includes(job.status));
  return (
    <section aria-label="Embeddings of this project" className="spaces">
      <h3 className="models-heading">Embeddings of this project</h3>
      <ul className="space-lines">
        {all.map(({ id, name, rows, featureCount }) => (
          <li key={id} className="space-line">
            <label className="check-line">
              <input
                type="radio"
                name="space"
                className="checkbox"
                checked={space === id}
                disabled={rows < images}
                onChange={() => actions.switchSpace(id)}
              />
              <HostileText text={name} />
            </label>
            <span className="muted">
              {id === ""
                ? `the first${isDraft ? ", a draft" : ""}; its classes answer searches by word`
                : `${formatCount(featureCount)} numbers · ${formatCount(rows)} of ${countOf(images, "image")}`}
            </span>
            <span className="spacer" />
            {id === "" && draft && (
              <button type="button" className="button" disabled={images === 0} onClick={actions.embedInFull}>
                <Play size={14} aria-hidden="true" /> Embed in full
              </button>
            )}
            {id !== "" && rows < images && (
              <button type="button" className="button" disabled={busy(name)} onClick={() => actions.fillSpace(id)}>
                <Play size={14} aria-hidden="true" />{" "}
                {busy(name) ? "Embedding…" : `Embed ${countOf(images - rows, "image")}`}
              </button>
            )}
            {id !== "" && (
              <IconButton
                label="Delete embedding"
                detail={name}
                disabled={busy(name)}
                onClick={() => setDeleting({ id, name })}
              >
                <Trash2 size={15} />
              </IconButton>
            )}
          </li>
        ))}
      </ul>
      {spaces.length === 0 ? (
        <p className="muted models-note">
          Embed the project with a further model, and map, neighbours, clusters, outliers and selections can look at
          either; new images are embedded with all of them.
        </p>
      ) : (
        <SpaceComparison />
      )}
      <ConfirmDialog
        open={deleting !== null}
        onOpenChange={(open) => !open && setDeleting(null)}
        title="Delete this embedding?"
        confirm="Delete embedding"
        onConfirm={() => deleting && actions.deleteSpace(deleting.id)}
      >
        Its features and maps go. Images, tags, labels and selections stay; it can be made again from the originals.
      </ConfirmDialog>
    </section>
  );
}
