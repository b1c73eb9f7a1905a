import { lazy, useState } from "react";
import { Part } from "../parts/Part.tsx";

const StorageDialog = lazy(async () => ({ default: (await import("./StorageDialog.tsx")).StorageDialog }));

/** The dialog, loaded when it is opened for the first time. */
export function LazyStorageDialog(props: { open: boolean; onOpenChange: (open: boolean) => void }) {
  const [wanted, setWanted] = useState(false);
  if (props.open && !wanted) setWanted(true);
  if (!wanted) return null;
  return (
    <Part what="Storage and backup" place="corner">
      <StorageDialog {...props} />
    </Part>
  );
}
