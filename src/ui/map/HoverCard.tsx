import { useEffect, useState } from "react";
import { HostileText } from "../text/HostileText.tsx";
import type { Size } from "./camera.ts";

export interface Hovered {
  row: number;
  x: number;
  y: number;
  size: Size;
}

/** Size of the card in CSS pixels, and its distance from the point. */
const card = { width: 132, height: 150, gap: 14 };

interface HoverCardProps {
  hovered: Hovered;
  thumbnail(row: number): Promise<Blob | null>;
  caption(row: number): { title: string; lines: string[] };
}

/** The image at the pointer: beside the point, inside the panel, never under the pointer. */
export function HoverCard({ hovered, thumbnail, caption }: HoverCardProps) {
  const { row, x, y, size } = hovered;
  const url = useThumbnailUrl(row, thumbnail);
  const { title, lines } = caption(row);
  const left = x + card.gap + card.width <= size.width ? x + card.gap : Math.max(0, x - card.gap - card.width);
  const top = Math.max(4, Math.min(size.height - card.height - 4, y - card.height / 2));
  return (
    <figure className="hover-card" style={{ left, top, width: card.width }}>
      {url ? <img src={url} alt="" /> : <div className="hover-blank" />}
      <figcaption>
        <b>
          <HostileText text={title} />
        </b>
        {lines.map((line) => (
          <span key={line}>
            <HostileText text={line} />
          </span>
        ))}
      </figcaption>
    </figure>
  );
}

function useThumbnailUrl(row: number, thumbnail: (row: number) => Promise<Blob | null>): string | null {
  const [shown, setShown] = useState<{ row: number; url: string } | null>(null);
  useEffect(() => {
    let url: string | null = null;
    let left = false;
    void thumbnail(row).then(
      (blob) => {
        if (left || blob === null) return;
        url = URL.createObjectURL(blob);
        setShown({ row, url });
      },
      () => undefined,
    );
    return () => {
      left = true;
      if (url) URL.revokeObjectURL(url);
    };
  }, [row, thumbnail]);
  return shown?.row === row ? shown.url : null;
}
