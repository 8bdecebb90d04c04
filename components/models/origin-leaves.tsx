'use client'

import dynamic from 'next/dynamic'

const parts = () => import('./origin-parts')

/** What moves in the tab about a model’s origin, and asks the chain: loaded when the tab is opened. */
export const OpenParentCase = dynamic(() => parts().then(({ OpenParentCase }) => OpenParentCase), { ssr: false })
export const OriginBondList = dynamic(() => parts().then(({ OriginBondList }) => OriginBondList), { ssr: false })
export const PutUpBond = dynamic(() => parts().then(({ PutUpBond }) => PutUpBond), { ssr: false })
export const CarryAncestor = dynamic(() => parts().then(({ CarryAncestor }) => CarryAncestor), { ssr: false })
