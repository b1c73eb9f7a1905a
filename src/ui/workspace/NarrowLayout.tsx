import { Tabs } from "@base-ui/react/tabs";
import { Funnel, LayoutGrid, ScatterChart } from "lucide-react";
import type { ReactNode } from "react";
import { FiltersPanel } from "../filters/FiltersPanel.tsx";
import { JobsBar } from "../jobs/JobsBar.tsx";
import { Part } from "../parts/Part.tsx";
import { GalleryPane } from "./GalleryPane.tsx";
import { MapPanel } from "./MapPanel.tsx";
import { type PanelEntry, panels } from "./panels.ts";

const tabs: readonly (Omit<PanelEntry, "Content"> & {
  Content: (props: { onShowProblems: () => void }) => ReactNode;
})[] = [
  { value: "images", text: "Images", Icon: LayoutGrid, Content: GalleryPane },
  { value: "map", text: "Map", Icon: ScatterChart, Content: MapPanel },
  { value: "filters", text: "Filters", Icon: Funnel, Content: FiltersPanel },
  ...panels,
];

/** On a phone: one thing at a time, tabs where the thumb is. */
export function NarrowLayout({ onShowProblems }: { onShowProblems: () => void }) {
  return (
    <Tabs.Root defaultValue="images" className="narrow-layout">
      <main className="narrow-main">
        {tabs.map(({ value, text, Content }) => (
          // The gallery keeps its place while another tab is open; the others are cheap to build again.
          <Tabs.Panel key={value} value={value} className="narrow-panel" keepMounted={value === "images"}>
            <Part what={`“${text}”`}>
              <Content onShowProblems={onShowProblems} />
            </Part>
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
