import { ChevronRight } from "lucide-react";
import { useMemo, useState } from "react";
import type { TreeField } from "../../core/explore/field.ts";
import { formatCount } from "../text/quantities.ts";
import { useWinnow } from "../winnow.tsx";
import { type Folder, folderTree, openAtFirst } from "./folders.ts";
import { useValueToggles } from "./useValueToggles.ts";
import { ValueLine } from "./ValueLine.tsx";

/** So many folders of one level are listed; the rest on demand. */
const firstShown = 100;

/** Folders as nested check boxes; a folder counts everything below it. */
export function FolderTree({ field }: { field: TreeField }) {
  const facets = useWinnow((state) => state.facets);
  const root = useMemo(() => folderTree(field.names), [field]);
  const { counts } = facets.counts(field.id);
  const total = (folder: Folder): number => folder.indices.reduce((sum, i) => sum + (counts[i] ?? 0), 0);
  return <Level folders={root.children} total={total} field={field.id} open={openAtFirst(root)} />;
}

interface LevelProps {
  folders: readonly Folder[];
  total: (folder: Folder) => number;
  field: string;
  /** Whether the folders of this level are open at first. */
  open: boolean;
}

function Level({ folders, total, field, open }: LevelProps) {
  const [shown, setShown] = useState(firstShown);
  const counts = folders.slice(0, shown).map(total);
  const most = Math.max(1, ...counts);
  return (
    <ul className="folder-level">
      {counts.map((count, i) => (
        <FolderLine key={folders[i]!.path} folder={folders[i]!} {...{ count, most, total, field, open }} />
      ))}
      {folders.length > shown && (
        <li>
          <button type="button" className="button button-plain value-more" onClick={() => setShown(shown * 10)}>
            Show {formatCount(Math.min(folders.length - shown, shown * 9))} more folders
          </button>
        </li>
      )}
    </ul>
  );
}

interface FolderLineProps extends Omit<LevelProps, "folders"> {
  folder: Folder;
  count: number;
  most: number;
}

function FolderLine({ folder, count, most, total, field, open }: FolderLineProps) {
  const [isOpen, setIsOpen] = useState(open);
  const toggles = useValueToggles(field);
  const hasChildren = folder.children.length > 0;
  return (
    <li>
      <ValueLine name={folder.name} count={count} most={most} {...toggles.of(folder.path)}>
        {hasChildren ? (
          <button
            type="button"
            className="folder-toggle"
            aria-expanded={isOpen}
            aria-label={`Folders in ${folder.name}`}
            onClick={() => setIsOpen(!isOpen)}
          >
            <ChevronRight size={13} aria-hidden="true" className="filter-chevron" />
          </button>
        ) : (
          <span className="folder-toggle" />
        )}
      </ValueLine>
      {hasChildren && isOpen && <Level folders={folder.children} total={total} field={field} open={false} />}
    </li>
  );
}
