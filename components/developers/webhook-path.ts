/** Our own route to the endpoints about webhooks, and where their answers are cached. */
export const webhooksPath = '/api/webhooks'
export const webhooksKey = ['webhooks']
