import type { KernelModule } from "../functions.ts";
import type { KernelMemory } from "../memory.ts";
import { fftKernels } from "./fft.ts";
import { kCenterKernels } from "./kCenter.ts";
import { knnKernels } from "./knn.ts";
import { layoutKernels } from "./layout.ts";
import { measureKernels } from "./measure.ts";
import { productKernels } from "./products.ts";
import { rankKernels } from "./ranks.ts";
import { viewsOf } from "./views.ts";

/** All kernels in plain TypeScript. Byte offsets stay under 2 GiB here, because they are halved by shifts. */
export function plainModule(memory: KernelMemory): KernelModule {
  const views = viewsOf(memory);
  return {
    ...kCenterKernels(views),
    ...knnKernels(views),
    ...productKernels(views),
    ...fftKernels(views),
    ...layoutKernels(views),
    ...rankKernels(views),
    ...measureKernels(views),
  };
}
