import { Tabs } from "@base-ui/react/tabs";
import { Funnel, Info, LayoutGrid, ScatterChart, Tag, Target, Waypoints } from "lucide-react";
import { DetailsPanel } from "../details/DetailsPanel.tsx";
import { EmbeddingPanel } from "../embedding/EmbeddingPanel.tsx";
import { FiltersPanel } from "../filters/FiltersPanel.tsx";
import { JobsBar } from "../jobs/JobsBar.tsx";
import { SelectPanel } from "../selecting/SelectPanel.tsx";
import { TagsPanel } from "../tags/TagsPanel.tsx";
import { GalleryPane } from "./GalleryPane.tsx";
import { MapPanel } from "./MapPanel.tsx";

const tabs = [
  { value: "images", text: "Images", Icon: LayoutGrid, Content: GalleryPane },
  { value: "map", text: "Map", Icon: ScatterChart, Content: MapPanel },
  { value: "filters", text: "Filters", Icon: Funnel, Content: FiltersPanel },
  { value: "select", text: "Select", Icon: Target, Content: SelectPanel },
  { value: "details", text: "Details", Icon: Info, Content: DetailsPanel },
  { value: "tags", text: "Tags", Icon: Tag, Content: TagsPanel },
  { value: "embedding", text: "Embedding", Icon: Waypoints, Content: EmbeddingPanel },
] as const;

/** On a phone: one thing at a time, tabs where the thumb is. */
export function NarrowLayout({ onShowProblems }: { onShowProblems: () => void }) {
  return (
    <Tabs.Root defaultValue="images" className="narrow-layout">
      <main className="narrow-main">
        {tabs.map(({ value, Content }) => (
          // The gallery keeps its place while another tab is open; the others are cheap to build again.
          <Tabs.Panel key={value} value={value} className="narrow-panel" keepMounted={value === "images"}>
            <Content onShowProblems={onShowProblems} />
          </Tabs.Panel>
        ))}
      </main>
      <JobsBar />
      <nav aria-label="Views">
        <Tabs.List className="bottom-tabs" aria-label="Views">
          {tabs.map(({ value, text, Icon }) => (
            <Tabs.Tab key={value} value={value} className="bottom-tab">
              <Icon size={19} aria-hidden="true" />
              {text}
            </Tabs.Tab>
          ))}
        </Tabs.List>
      </nav>
    </Tabs.Root>
  );
}
