import { Panel } from "../controls/Panel.tsx";
import { useWinnow } from "../winnow.tsx";

/** Asks before a project of another host is opened. */
export function ElsewhereDialog() {
  const asked = useWinnow((state) => state.elsewhere);
  return (
    asked && (
      <Panel
        open
        onOpenChange={(open) => !open && asked.answer(false)}
        title="Open a project of another host?"
        foot={
          <>
            <button type="button" className="button" onClick={() => asked.answer(false)}>
              Cancel
            </button>
            <button type="button" className="button button-primary" onClick={() => asked.answer(true)}>
              Open
            </button>
          </>
        }
      >
        <div className="dialog-body">
          <p>
            This link opens a project that lies at <b>{asked.origin}</b>. Nothing has been asked of it yet.
          </p>
          <p>
            If you open it, Winnow fetches the project from there, and that host sees your internet address and which
            parts you look at, as with any web page. None of your own images are sent.
          </p>
        </div>
      </Panel>
    )
  );
}
