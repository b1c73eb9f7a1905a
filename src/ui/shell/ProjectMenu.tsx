import { Menu } from "@base-ui/react/menu";
import {
  Archive,
  ChevronDown,
  FilePlus2,
  FolderInput,
  FolderPlus,
  FolderSearch,
  HardDrive,
  LogOut,
  Pencil,
  Save,
} from "lucide-react";
import { useState } from "react";
import type { ProjectSummary } from "../../core/records.ts";
import { RenameField } from "../controls/RenameField.tsx";
import { LazyStorageDialog } from "../storage/LazyStorageDialog.tsx";
import { HostileText } from "../text/HostileText.tsx";
import { countOf } from "../text/quantities.ts";
import { useActions, useWinnow } from "../winnow.tsx";
import { useSources } from "./Sources.tsx";

/** More would make the menu a list to search; all projects are on the start screen. */
const switchCount = 6;

/** The open project's name, and what can be done with the project as a whole. */
export function ProjectMenu({ project }: { project: ProjectSummary }) {
  const actions = useActions();
  const sources = useSources();
  const projects = useWinnow((state) => state.projects);
  const [renaming, setRenaming] = useState(false);
  const [storageOpen, setStorageOpen] = useState(false);
  const others = projects.filter((other) => other.id !== project.id).slice(0, switchCount);

  if (renaming) {
    return (
      <RenameField
        label="Project name"
        name={project.name}
        onDone={(name) => {
          setRenaming(false);
          if (name !== null) actions.renameProject(project.id, name);
        }}
      />
    );
  }
  return (
    <>
      <Menu.Root modal={false}>
        <Menu.Trigger className="button button-plain project-name">
          <span className="visually-hidden">Project </span>
          <span className="project-name-text">
            <HostileText text={project.name} />
          </span>
          <ChevronDown size={14} aria-hidden="true" />
        </Menu.Trigger>
        <Menu.Portal>
          <Menu.Positioner className="popup-layer" sideOffset={5} align="start">
            <Menu.Popup className="menu">
              <Menu.Item className="menu-item" onClick={() => setRenaming(true)}>
                <Pencil size={15} aria-hidden="true" />
                Rename
              </Menu.Item>
              <Menu.Item className="menu-item" onClick={sources.openFolder}>
                <FolderPlus size={15} aria-hidden="true" />
                Add a folder…
              </Menu.Item>
              <Menu.Item className="menu-item" onClick={sources.openFiles}>
                <FilePlus2 size={15} aria-hidden="true" />
                Add files…
              </Menu.Item>
              {project.imageCount > 0 && project.published === undefined && (
                <Menu.Item className="menu-item" onClick={sources.findFolder}>
                  <FolderSearch size={15} aria-hidden="true" />
                  Find the folder again…
                </Menu.Item>
              )}
              <Menu.Separator className="menu-separator" />
              <Menu.Item className="menu-item" onClick={sources.openProjectFolder}>
                <FolderInput size={15} aria-hidden="true" />
                Open project folder…
              </Menu.Item>
              <Menu.Item className="menu-item" onClick={actions.saveProjectFolder}>
                <Save size={15} aria-hidden="true" />
                Save project folder…
              </Menu.Item>
              {project.published === undefined && (
                <Menu.Item className="menu-item" onClick={actions.backUpProject}>
                  <Archive size={15} aria-hidden="true" />
                  Back up project…
                </Menu.Item>
              )}
              <Menu.Item className="menu-item" onClick={() => setStorageOpen(true)}>
                <HardDrive size={15} aria-hidden="true" />
                Storage and backup…
              </Menu.Item>
              <Menu.Separator className="menu-separator" />
              {others.length > 0 && (
                <Menu.Group>
                  <Menu.GroupLabel className="menu-group">Switch to</Menu.GroupLabel>
                  {others.map((other) => (
                    <Menu.Item
                      key={other.id}
                      className="menu-item"
                      label={other.name}
                      onClick={() => actions.openProject(other.id)}
                    >
                      <span className="menu-item-text">
                        <span className="menu-item-name">
                          <HostileText text={other.name} />
                        </span>
                        <span className="menu-item-note">{countOf(other.imageCount, "image")}</span>
                      </span>
                    </Menu.Item>
                  ))}
                  <Menu.Separator className="menu-separator" />
                </Menu.Group>
              )}
              <Menu.Item className="menu-item" onClick={actions.closeProject}>
                <LogOut size={15} aria-hidden="true" />
                Close project
              </Menu.Item>
            </Menu.Popup>
          </Menu.Positioner>
        </Menu.Portal>
      </Menu.Root>
      <LazyStorageDialog open={storageOpen} onOpenChange={setStorageOpen} />
    </>
  );
}
