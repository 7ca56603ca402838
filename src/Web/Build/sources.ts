import { readdirSync } from 'node:fs';

/** The files below a folder whose names end so; what npm and the build put there are not sources. */
export function sources(folder: string, ...endings: string[]): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => !/(^|[\\/])(node_modules|wwwroot)([\\/]|$)/.test(file) && endings.some((ending) => file.endsWith(ending)))
    .map((file) => `${folder}/${file}`);
}
