import { route } from '@/lib/market/http/route'
import { uploads } from '@/lib/market/publish/uploads'

const handle = route(async (request) => (await uploads()).handle(request))

export { handle as DELETE, handle as HEAD, handle as OPTIONS, handle as PATCH, handle as POST }
