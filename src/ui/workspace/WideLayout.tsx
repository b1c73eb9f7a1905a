import { Tabs } from "@base-ui/react/tabs";
import { PanelLeftOpen } from "lucide-react";
import { useEffect } from "react";
import { IconButton } from "../controls/IconButton.tsx";
import { FiltersPanel } from "../filters/FiltersPanel.tsx";
import { useMediaQuery } from "../mediaQuery.ts";
import { Part } from "../parts/Part.tsx";
import { isMeantElsewhere } from "../shell/usePageKeys.ts";
import { useRemembered } from "../useRemembered.ts";
import { GalleryPane } from "./GalleryPane.tsx";
import { MapPanel } from "./MapPanel.tsx";
import { panels } from "./panels.ts";
import { Separator } from "./Separator.tsx";

const filtersWidth = { initial: 240, least: 180, most: 480 };
/** A third of the page, so that the gallery keeps most of a small one. */
const rightWidth = { initial: Math.min(500, Math.round(innerWidth * 0.34)), least: 320, most: 1_000 };
const mapHeight = { initial: 420, least: 240, most: 900 };

/** Filters at the left, gallery in the middle, map over the panels at the right; the lines between can be moved. */
export function WideLayout({ onShowProblems }: { onShowProblems: () => void }) {
  const roomy = useMediaQuery("(min-width: 1150px)");
  const [wanted, setWanted] = useRemembered("filters-open", true);
  const [narrowOpen, setNarrowOpen] = useRemembered("filters-open-narrow", false);
  const [open, setOpen] = roomy ? [wanted, setWanted] : [narrowOpen, setNarrowOpen];
  const [left, setLeft] = useRemembered("filters-width", filtersWidth.initial);
  const [right, setRight] = useRemembered("right-width", rightWidth.initial);
  const [map, setMap] = useRemembered("map-height", mapHeight.initial);

  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.key !== "f" || event.ctrlKey || event.metaKey || event.altKey || isMeantElsewhere(event)) return;
      setOpen(!open);
    };
    addEventListener("keydown", press);
    return () => removeEventListener("keydown", press);
  }, [open, setOpen]);

  return (
    <main className="wide-layout">
      {open ? (
        <>
          <div className="left" style={{ width: left }}>
            <FiltersPanel onShowProblems={onShowProblems} onClose={() => setOpen(false)} />
          </div>
          <Separator
            label="Width of the filters"
            orientation="vertical"
            direction={1}
            value={left}
            {...filtersWidth}
            onChange={setLeft}
          />
        </>
      ) : (
        <div className="left-closed">
          <IconButton label="Show filters" keys="F" className="button-plain" onClick={() => setOpen(true)}>
            <PanelLeftOpen size={16} />
          </IconButton>
        </div>
      )}
      <section className="centre" aria-label="Gallery">
        <GalleryPane />
      </section>
      <Separator
        label="Width of map and panels"
        orientation="vertical"
        direction={-1}
        value={right}
        {...rightWidth}
        onChange={setRight}
      />
      <div className="right" style={{ width: right }}>
        <div className="right-map" style={{ height: map }}>
          <MapPanel />
        </div>
        <Separator
          label="Height of the map"
          orientation="horizontal"
          direction={1}
          value={map}
          {...mapHeight}
          onChange={setMap}
        />
        <Tabs.Root defaultValue="select" className="panels">
          <Tabs.List className="panel-tabs" aria-label="Panels">
            {panels.map(({ value, text }) => (
              <Tabs.Tab key={value} value={value} className="panel-tab">
                {text}
              </Tabs.Tab>
            ))}
            <Tabs.Indicator className="panel-tab-indicator" />
          </Tabs.List>
          {panels.map(({ value, text, Content }) => (
            <Tabs.Panel key={value} value={value} className="panel" keepMounted={value === "select"}>
              <Part what={`“${text}”`}>
                <Content />
              </Part>
            </Tabs.Panel>
          ))}
        </Tabs.Root>
      </div>
    </main>
  );
}
