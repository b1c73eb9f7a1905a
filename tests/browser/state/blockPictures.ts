/** Pictures of blocks of colour, different each: “00.png” and so on. */
export async function blockPictures(from: number, count: number): Promise<File[]> {
  return await Promise.all(
    Array.from({ length: count }, async (_, i) => {
      const canvas = new OffscreenCanvas(96, 80);
      const context = canvas.getContext("2d")!;
      for (let block = 0; block < 30; block++) {
        context.fillStyle = `hsl(${((from + i) * 47 + block * 31) % 360} 70% ${20 + ((block * 13 + i * 7) % 60)}%)`;
        context.fillRect((block % 6) * 16, Math.floor(block / 6) * 16, 16, 16);
      }
      return new File([await canvas.convertToBlob({ type: "image/png" })], `${String(from + i).padStart(2, "0")}.png`);
    }),
  );
}
