import { createContext, type ReactNode, useContext, useMemo, useRef } from "react";
import { useActions, useWinnow } from "../winnow.tsx";

declare module "react" {
  interface InputHTMLAttributes<T> {
    /** Not in React's types: the attribute is not in the HTML standard, and in every browser. */
    webkitdirectory?: "" | undefined;
  }
}

interface Sources {
  /** The browser's directory picker, or the folder input where there is none. Call it from a click. */
  openFolder: () => void;
  openFiles: () => void;
  /** The same for the folder of a project. */
  openProjectFolder: () => void;
  /** The same for the folder of the open project's images, wherever it is now. */
  findFolder: () => void;
  /** Has a person choose the file that a backup is. */
  restoreBackup: () => void;
}

const SourcesContext = createContext<Sources | null>(null);

export function useSources(): Sources {
  const sources = useContext(SourcesContext);
  if (!sources) throw new Error("A source button was rendered outside <SourcesProvider>.");
  return sources;
}

/**
 * Holds the page's two file inputs. They are out of sight until they have the keyboard's focus, so that they can be
 * reached without the buttons that click them, by a script as well as by Tab.
 */
export function SourcesProvider({ children }: { children: ReactNode }) {
  const actions = useActions();
  const isOpen = useWinnow((state) => state.project !== null);
  const folderInput = useRef<HTMLInputElement>(null);
  const findInput = useRef<HTMLInputElement>(null);
  const backupInput = useRef<HTMLInputElement>(null);
  const filesInput = useRef<HTMLInputElement>(null);

  const sources = useMemo(
    () => ({
      openFolder: async () => {
        if (!(await actions.openFolder())) folderInput.current?.click();
      },
      openFiles: () => filesInput.current?.click(),
      // The input takes project folders too: they are known by their project.json.
      openProjectFolder: async () => {
        if (!(await actions.openProjectFolder())) folderInput.current?.click();
      },
      restoreBackup: () => backupInput.current?.click(),
      findFolder: async () => {
        if (!(await actions.findFolder())) findInput.current?.click();
      },
    }),
    [actions],
  );

  const take = (input: HTMLInputElement, use = actions.addFiles) => {
    if (input.files && input.files.length > 0) use(Array.from(input.files));
    // The same folder chosen again must be a change again.
    input.value = "";
  };

  return (
    <SourcesContext value={sources}>
      {children}
      <section className="source-inputs" aria-label="Open without the mouse">
        <label>
          Choose folder
          <input ref={folderInput} type="file" webkitdirectory="" multiple onChange={(e) => take(e.currentTarget)} />
        </label>
        <label>
          Choose files
          <input
            ref={filesInput}
            type="file"
            multiple
            accept="image/*,.zip,application/zip"
            onChange={(e) => take(e.currentTarget)}
          />
        </label>
        <label>
          Choose backup
          <input
            ref={backupInput}
            type="file"
            accept=".zip,application/zip"
            onChange={(e) => take(e.currentTarget, actions.restoreBackup)}
          />
        </label>
        {isOpen && (
          <label>
            Find the folder again
            <input
              ref={findInput}
              type="file"
              webkitdirectory=""
              multiple
              onChange={(e) => take(e.currentTarget, actions.findFolderIn)}
            />
          </label>
        )}
      </section>
    </SourcesContext>
  );
}
