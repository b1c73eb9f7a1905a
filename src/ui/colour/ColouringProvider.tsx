import { createContext, type ReactNode, useCallback, useContext, useMemo } from "react";
import { densityGrid, densityOf } from "../../core/explore/density.ts";
import type { FieldUnit } from "../../core/explore/field.ts";
import { useWinnow } from "../winnow.tsx";
import { type Group, groupByChosen, groupByField, oneGroup } from "./grouping.ts";
import { type Scale, scaleOf } from "./scale.ts";

/** Which colour each row has, and what the colours mean. */
export type Colouring =
  /** `ofRow`: index into `groups`. `field`: whose values the groups are; null when they are none. */
  | { kind: "groups"; field: string | null; groups: readonly Group[]; ofRow: Uint8Array }
  | { kind: "scale"; field: string | null; title: string; unit: FieldUnit; scale: Scale; ofRow: Uint8Array };

const ColouringContext = createContext<Colouring>({ kind: "groups", field: null, ...oneGroup(0) });

/** Computes once, for map, legend, gallery and filters, which colour each row has. */
export function ColouringProvider({ children }: { children: ReactNode }) {
  const rows = useWinnow((state) => Math.max(state.facets.rows, 0));
  const field = useWinnow((state) => state.fields.find(({ id }) => id === state.colourBy));
  const styles = useWinnow((state) => (state.colourBy === "tag" ? state.tagStyles : null));
  const ranks = useWinnow((state) => (state.colourBy === "chosen" ? state.ranks : null));
  const xy = useWinnow((state) => (state.colourBy === "density" ? state.xy : null));

  const colouring = useMemo((): Colouring => {
    if (ranks) return { kind: "groups", field: null, ...groupByChosen(rows, ranks) };
    if (xy) {
      const scale = scaleOf(densityOf(densityGrid(xy), xy), rows);
      return { kind: "scale", field: null, title: "density on the map", unit: "score", scale, ofRow: scale.ofRow };
    }
    if (field?.kind === "number") {
      const scale = scaleOf(field.values, rows);
      return { kind: "scale", field: field.id, title: field.title, unit: field.unit, scale, ofRow: scale.ofRow };
    }
    if (field && "names" in field && field.names.length > 0) {
      return { kind: "groups", field: field.id, ...groupByField(field, rows, styles ?? new Map()) };
    }
    return { kind: "groups", field: null, ...oneGroup(rows) };
  }, [rows, field, styles, ranks, xy]);

  return <ColouringContext value={colouring}>{children}</ColouringContext>;
}

export const useColouring = (): Colouring => useContext(ColouringContext);

/** The colour of a field's value while map and gallery are coloured by that field. */
export function useColourOfValue(field: string): (value: string) => `--${string}` | undefined {
  const colouring = useColouring();
  return useCallback(
    (value) => {
      if (colouring.kind !== "groups" || colouring.field !== field) return undefined;
      return colouring.groups.find((group) => group.values?.includes(value))?.colour;
    },
    [colouring, field],
  );
}
