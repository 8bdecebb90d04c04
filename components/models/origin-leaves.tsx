'use client'

import dynamic from 'next/dynamic'

/** What moves in the tab about a model’s origin, loaded when the tab is opened. */
export const OpenParentCase = dynamic(() => import('./open-parent-case').then(({ OpenParentCase }) => OpenParentCase), {
  ssr: false,
})
export const OriginBondList = dynamic(() => import('./origin-bonds').then(({ OriginBondList }) => OriginBondList), {
  ssr: false,
})
