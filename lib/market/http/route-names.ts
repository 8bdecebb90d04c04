import 'server-only'
import { existsSync, readFileSync } from 'node:fs'
import { z } from 'zod'

const route = z.object({ page: z.string(), regex: z.string() })
const manifestSchema = z.object({ staticRoutes: z.array(route), dynamicRoutes: z.array(route) })

/** What Next writes down of its routes when it builds the app. */
const manifestFile = '.next/routes-manifest.json'

/** The name of a path’s route, from a fixed list: metrics are labelled by it. */
export type RouteNames = (pathname: string) => string

/** “/api/copies/7” → “/api/copies/[id]”; what Next keeps for itself is “/_next”, and anything else is “other”. */
export function routeNames(manifest: unknown): RouteNames {
  const { staticRoutes, dynamicRoutes } = manifestSchema.parse(manifest)
  const routes = [...staticRoutes, ...dynamicRoutes].map(({ page, regex }) => ({ page, regex: new RegExp(regex) }))
  return (pathname) => {
    if (pathname.startsWith('/_next/')) return '/_next'
    return routes.find(({ regex }) => regex.test(pathname))?.page ?? 'other'
  }
}

/** The names of this build’s routes; without a build, every route is “other”. */
export function builtRouteNames(): RouteNames {
  return existsSync(manifestFile) ? routeNames(JSON.parse(readFileSync(manifestFile, 'utf8'))) : () => 'other'
}
