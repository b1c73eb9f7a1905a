import { Panel } from "../controls/Panel.tsx";

const groups: { title: string; keys: [keys: string[], what: string][] }[] = [
  {
    title: "Gallery",
    keys: [
      [["←", "→", "↑", "↓"], "Move between images"],
      [["Page Up", "Page Down"], "Move by a screen"],
      [["Home", "End"], "First and last image"],
      [["Space"], "Look closer"],
      [["Enter"], "Mark or unmark the image"],
      [["Shift", "arrow"], "Mark as you move"],
      [["Ctrl", "A"], "Mark all shown"],
      [["Ctrl", "I"], "Invert the marks"],
      [["V"], "Thumbnails or list"],
      [["Esc"], "Clear the marks, end the search"],
    ],
  },
  {
    title: "Pointer",
    keys: [
      [["click"], "Mark one image"],
      [["Ctrl", "click"], "Add it to the marks, or take it away"],
      [["Shift", "click"], "Mark everything in between"],
      [["double click"], "Look closer"],
    ],
  },
  {
    title: "Map",
    keys: [
      [["L"], "Lasso"],
      [["Z"], "Zoom to the marked images"],
      [["+", "−", "0"], "Larger, smaller, everything"],
      [["←", "→", "↑", "↓"], "Move the map"],
    ],
  },
  {
    title: "Large view",
    keys: [
      [["←", "→"], "Previous and next image"],
      [["+", "−", "0"], "Larger, smaller, fit"],
      [["Space", "Esc"], "Close"],
    ],
  },
  {
    title: "Active learning",
    keys: [
      [["1", "…", "9"], "Give the class"],
      [["Enter"], "Accept the suggestion"],
      [["S", "→"], "Skip"],
      [["B", "←"], "Back"],
      [["U"], "Undo"],
    ],
  },
  {
    title: "Label issues",
    keys: [
      [["A", "Enter"], "Accept the suggested label"],
      [["K"], "Keep the given label"],
      [["X"], "Exclude the image"],
      [["↑", "↓"], "Previous and next"],
      [["U"], "Undo"],
    ],
  },
  {
    title: "Duplicates",
    keys: [
      [["B"], "Keep the best of the group"],
      [["A"], "Keep all of it"],
      [["1", "…", "9"], "Keep that one"],
      [["←", "→", "↑", "↓"], "Move between groups"],
    ],
  },
  {
    title: "Everywhere",
    keys: [
      [["/"], "Search"],
      [["S"], "Find images similar to the marked ones"],
      [["1", "…", "9"], "Tag the marked images, or take the tag off"],
      [["X"], "Tag them “excluded”, or take that off"],
      [["F"], "Show or hide the filters"],
      [["Ctrl", "Z"], "Undo"],
      [["Ctrl", "Shift", "Z"], "Redo"],
      [["?"], "This list"],
    ],
  },
];

/** The list of keys. */
export function KeysDialog({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) {
  return (
    <Panel open={open} onOpenChange={onOpenChange} title="Keys" wide>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls on a small screen */}
      <div className="dialog-body keys" tabIndex={0}>
        {groups.map((group) => (
          <section key={group.title}>
            <h3 className="section-title">{group.title}</h3>
            <dl>
              {group.keys.map(([keys, what]) => (
                <div key={what} className="keys-line">
                  <dt>
                    {keys.map((key) => (
                      <kbd key={key}>{key}</kbd>
                    ))}
                  </dt>
                  <dd>{what}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
        <p className="muted keys-note">On a Mac, ⌘ does what Ctrl does here.</p>
      </div>
    </Panel>
  );
}
