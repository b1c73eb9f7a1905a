import { Tabs } from "@base-ui/react/tabs";
import { DetailsPanel } from "../details/DetailsPanel.tsx";
import { EmbeddingPanel } from "../embedding/EmbeddingPanel.tsx";
import { SelectPanel } from "../selecting/SelectPanel.tsx";
import { TagsPanel } from "../tags/TagsPanel.tsx";
import { GalleryPane } from "./GalleryPane.tsx";
import { MapPanel } from "./MapPanel.tsx";

/** Gallery in the middle, map over the panels at the right. The grid's first column is for the filters to come. */
export function WideLayout() {
  return (
    <div className="wide-layout">
      <main className="centre">
        <GalleryPane />
      </main>
      <aside className="right" aria-label="Map and panels">
        <MapPanel />
        <Tabs.Root defaultValue="select" className="panels">
          <Tabs.List className="panel-tabs" aria-label="Panels">
            <Tabs.Tab value="select" className="panel-tab">
              Select
            </Tabs.Tab>
            <Tabs.Tab value="details" className="panel-tab">
              Details
            </Tabs.Tab>
            <Tabs.Tab value="tags" className="panel-tab">
              Tags
            </Tabs.Tab>
            <Tabs.Tab value="embedding" className="panel-tab">
              Embedding
            </Tabs.Tab>
            <Tabs.Indicator className="panel-tab-indicator" />
          </Tabs.List>
          <Tabs.Panel value="select" className="panel" keepMounted>
            <SelectPanel />
          </Tabs.Panel>
          <Tabs.Panel value="details" className="panel">
            <DetailsPanel />
          </Tabs.Panel>
          <Tabs.Panel value="tags" className="panel">
            <TagsPanel />
          </Tabs.Panel>
          <Tabs.Panel value="embedding" className="panel">
            <EmbeddingPanel />
          </Tabs.Panel>
        </Tabs.Root>
      </aside>
    </div>
  );
}
