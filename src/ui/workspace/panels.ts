import { BadgeCheck, Info, type LucideIcon, Tag, Tags, Target, Waypoints } from "lucide-react";
import { lazy, type ReactNode } from "react";
import { DetailsPanel } from "../details/DetailsPanel.tsx";
import { EmbeddingPanel } from "../embedding/EmbeddingPanel.tsx";
import { SelectPanel } from "../selecting/SelectPanel.tsx";
import { TagsPanel } from "../tags/TagsPanel.tsx";

/** A panel: a tab below the map, or on a phone one of the views. */
export interface PanelEntry {
  value: string;
  text: string;
  Icon: LucideIcon;
  Content: (props: object) => ReactNode;
}

const QualityPanel = lazy(async () => ({ default: (await import("../quality/QualityPanel.tsx")).QualityPanel }));

/** All panels in the tabs' order; larger ones should be lazy. */
export const panels: readonly PanelEntry[] = [
  { value: "select", text: "Select", Icon: Target, Content: SelectPanel },
  { value: "details", text: "Details", Icon: Info, Content: DetailsPanel },
  { value: "tags", text: "Tags", Icon: Tag, Content: TagsPanel },
  {
    value: "labels",
    text: "Labels",
    Icon: Tags,
    Content: lazy(async () => ({ default: (await import("../labels/LabelsPanel.tsx")).LabelsPanel })),
  },
  { value: "quality", text: "Quality", Icon: BadgeCheck, Content: QualityPanel },
  { value: "embedding", text: "Embedding", Icon: Waypoints, Content: EmbeddingPanel },
];
