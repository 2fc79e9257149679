export const pngSizes: readonly number[]
export function ico(pictures: readonly { size: number; png: Buffer }[]): Buffer
export function icns(pictures: readonly { type: string; png: Buffer }[]): Buffer
