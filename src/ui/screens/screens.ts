import { Brain, ChartColumn, Copy, Cpu, type LucideIcon, SquareDashed, TagIcon } from "lucide-react";
import { lazy, type ReactNode } from "react";
import type { ScreenName } from "../../state/state.ts";

/** A screen as the *Review* menu lists it. `Content` is lazy: none is loaded before it is opened. */
export interface ScreenEntry {
  name: ScreenName;
  title: string;
  /** What it is for, in a few words. */
  note: string;
  Icon: LucideIcon;
  Content: (props: object) => ReactNode;
}

const ModelsScreen = lazy(async () => ({ default: (await import("../models/ModelsScreen.tsx")).ModelsScreen }));
const DuplicatesScreen = lazy(async () => ({
  default: (await import("../duplicates/DuplicatesScreen.tsx")).DuplicatesScreen,
}));

const ReportScreen = lazy(async () => ({ default: (await import("../report/ReportScreen.tsx")).ReportScreen }));

/** All screens in the menu's order. */
export const screens: readonly ScreenEntry[] = [
  {
    name: "active-learning",
    title: "Active learning",
    note: "Label the images that teach most",
    Icon: Brain,
    Content: lazy(() => import("../learning/ActiveLearningScreen.tsx")),
  },
  {
    name: "label-issues",
    title: "Label issues",
    note: "Labels that are probably wrong",
    Icon: TagIcon,
    Content: lazy(() => import("../learning/LabelIssuesScreen.tsx")),
  },
  {
    name: "box-issues",
    title: "Box issues",
    note: "Boxes that confident predictions contradict",
    Icon: SquareDashed,
    Content: lazy(() => import("../learning/BoxIssuesScreen.tsx")),
  },
  {
    name: "models",
    title: "Models",
    note: "Your own ONNX models, and the embeddings made with them",
    Icon: Cpu,
    Content: ModelsScreen,
  },
  {
    name: "report",
    title: "Dataset report",
    note: "Everything that is known of the images, on one page",
    Icon: ChartColumn,
    Content: ReportScreen,
  },
  {
    name: "duplicates",
    title: "Duplicates",
    note: "Groups side by side; keep the best of each",
    Icon: Copy,
    Content: DuplicatesScreen,
  },
];
