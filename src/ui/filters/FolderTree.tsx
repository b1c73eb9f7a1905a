import { ChevronRight } from "lucide-react";
import { useMemo, useState } from "react";
import { directlyIn, type TreeField } from "../../core/explore/field.ts";
import { formatCount } from "../text/quantities.ts";
import { useWinnow } from "../winnow.tsx";
import { directlyText, type Folder, folderTree, openAtFirst } from "./folders.ts";
import { useValueToggles } from "./useValueToggles.ts";
import { ValueLine } from "./ValueLine.tsx";

/** So many folders of one level are listed; the rest on demand. */
const firstShown = 100;

/** Folders as nested check boxes; a folder counts everything below it. */
export function FolderTree({ field }: { field: TreeField }) {
  const facets = useWinnow((state) => state.facets);
  const root = useMemo(() => folderTree(field.names), [field]);
  const { counts } = facets.counts(field.id);
  const count = (indices: readonly number[]): number => indices.reduce((sum, i) => sum + (counts[i] ?? 0), 0);
  return <Level above={root} count={count} field={field.id} open={openAtFirst(root)} />;
}

interface LevelProps {
  /** The folder whose folders are listed, after its own images where it has any. */
  above: Folder;
  /** Images in the folders of these indices. */
  count: (indices: readonly number[]) => number;
  field: string;
  /** Whether the folders of this level are open at first. */
  open: boolean;
}

function Level({ above, count, field, open }: LevelProps) {
  const [shown, setShown] = useState(firstShown);
  const toggles = useValueToggles(field);
  const { children: folders, own } = above;
  const counts = folders.slice(0, shown).map(({ indices }) => count(indices));
  const ownCount = own === null ? 0 : count([own]);
  const most = Math.max(1, ownCount, ...counts);
  return (
    <ul className="folder-level">
      {own !== null && (
        <li>
          <ValueLine
            name={directlyText(above.path)}
            count={ownCount}
            most={most}
            {...toggles.of(directlyIn(above.path))}
          >
            <span className="folder-toggle" />
          </ValueLine>
        </li>
      )}
      {counts.map((total, i) => (
        <FolderLine key={folders[i]!.path} folder={folders[i]!} {...{ total, most, count, field, open }} />
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

interface FolderLineProps extends Omit<LevelProps, "above"> {
  folder: Folder;
  total: number;
  most: number;
}

function FolderLine({ folder, total, most, count, field, open }: FolderLineProps) {
  const [isOpen, setIsOpen] = useState(open);
  const toggles = useValueToggles(field);
  const hasChildren = folder.children.length > 0;
  return (
    <li>
      <ValueLine name={folder.name} count={total} most={most} {...toggles.of(folder.path)}>
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
      {hasChildren && isOpen && <Level above={folder} count={count} field={field} open={false} />}
    </li>
  );
}
