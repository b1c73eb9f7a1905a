import { Component, type ReactNode, Suspense } from "react";
import { FailedPart, type Place } from "./FailedPart.tsx";

interface PartProps {
  /** As it stands in a sentence: “The map”. */
  what: string;
  /** Stands there while it is being loaded. */
  fallback?: ReactNode;
  /** Where its failure is told: in its place, over all views, as the whole page, or in a corner of the page where it has no room. */
  place?: Place;
  /** A way out besides reloading, where there is one. */
  onClose?: () => void;
  children: ReactNode;
}

/**
 * A part of the page that is loaded when it is wanted. When that fails, or it breaks down later, it says so in its place
 * and the rest of the page goes on.
 */
export function Part({ what, fallback = null, place = "here", onClose, children }: PartProps) {
  const failed = (error: unknown): ReactNode => (
    <FailedPart what={what} error={error} place={place} {...(onClose && { onClose })} />
  );
  return (
    <Boundary failed={failed}>
      <Suspense fallback={fallback}>{children}</Suspense>
    </Boundary>
  );
}

interface BoundaryProps {
  failed: (error: unknown) => ReactNode;
  children: ReactNode;
}

/** React tells failures of what is inside to classes only. */
class Boundary extends Component<BoundaryProps, { failure: { error: unknown } | null }> {
  override state: { failure: { error: unknown } | null } = { failure: null };

  static getDerivedStateFromError(error: unknown): { failure: { error: unknown } } {
    return { failure: { error } };
  }

  override render(): ReactNode {
    const { failure } = this.state;
    return failure ? this.props.failed(failure.error) : this.props.children;
  }
}
